import { type CommandType, infoOf } from "../../wire/command-names.ts";
import type { Text } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";
import { withQuery } from "../parts/links.ts";
import { type Action, type ActionObject, type ObjectReason, registry } from "./registry.ts";

/** Why something is not offered now. */
export type Reason =
  | ObjectReason
  | { by: "role" | "agent" | "readonly" | "exec" | "silent" }
  | { by: "protected"; namespace: string };

/** Something that can be done with an object, or why it cannot. */
export interface Offer {
  action: Action;
  type: CommandType;
  danger: boolean;
  /** Its page, or the address of its dialog. */
  href: string;
  /** Whether `href` is a dialog's. */
  dialog: boolean;
  reason: Reason | undefined;
}

/**
 * What can be done with an object. What cannot be done now is among it with its reason; what makes no sense for
 * the object, or is off for the whole installation, is not. A machine without Kubernetes has nothing.
 */
export function offersOf(v: Viewing, object: ActionObject): Offer[] {
  const cluster = v.clusters.find((one) => one.id === object.cluster);
  if (cluster === undefined || cluster.flavour === "host") return [];
  return registry.flatMap((action) => {
    const type = action.types[object.kind];
    if (type === undefined || v.off?.has(type) || action.when?.(object.row) === false) return [];
    return [
      {
        action,
        type,
        // Editing is reviewed on its own page: the way there does nothing yet.
        danger: infoOf(type).danger === true && action.key !== "edit",
        href: action.page?.(object) ?? dialogHref(action.key, [object]),
        dialog: action.page === undefined,
        reason: reasonAgainst(v, action, type, object),
      },
    ];
  });
}

/** Why an action cannot be done with an object now; undefined where it can. What holds longest is told first. */
export function reasonAgainst(
  v: Viewing,
  action: Action,
  type: CommandType,
  object: ActionObject,
): Reason | undefined {
  const { cluster, namespace } = object;
  const place = namespace === "" ? { cluster } : { cluster, namespace };
  if (!v.can(type, place)) return { by: "role" };
  const view = v.clusters.find((one) => one.id === cluster);
  const control = view?.status?.control;
  if (view?.connection === "silent" || view?.connection === "waiting") return { by: "silent" };
  if (view?.status !== undefined && control === undefined) return { by: "readonly" };
  if (control && !control.commands.includes(type)) return { by: "agent" };
  if (control && type === "PodExec" && !control.exec) return { by: "exec" };
  const space = object.kind === "namespace" ? object.name : namespace;
  if (infoOf(type).writes && control?.protectedNamespaces.includes(space))
    return { by: "protected", namespace: space };
  return action.against?.(object.row, object.kind);
}

/** A reason in words, to stand beside what cannot be done. */
export function reasonText(t: Text, reason: Reason): string {
  if (reason.by === "protected") return t.actions.reason.protected(reason.namespace);
  if (reason.by === "owned") return t.actions.reason.owned(reason.owner);
  return t.actions.reason[reason.by];
}

type Named = Omit<ActionObject, "row">;

/** `c1/pod/shop/web-1`: an object in the address of a menu or a dialog. */
export const objectText = ({ cluster, kind, namespace, name }: Named): string =>
  [cluster, kind, namespace, name].join("/");

/** The address of an action's dialog for these objects. */
export function dialogHref(
  key: string,
  objects: readonly Named[],
  fields: Record<string, string | number | undefined> = {},
): string {
  const query = new URLSearchParams();
  for (const one of objects) query.append("on", objectText(one));
  return withQuery(`/actions/${key}`, query, fields);
}
