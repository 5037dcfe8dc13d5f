import type { Asked } from "../../../views/actions/asked.ts";
import { reasonAgainst } from "../../../views/actions/offers.ts";
import { type Action, type ActionObject, actionOf } from "../../../views/actions/registry.ts";
import { objectHref } from "../../../views/parts/links.ts";
import type { Viewing } from "../../../views/viewing.ts";
import { problem } from "../../../wire/problem.ts";
import type { Origin } from "../../access/access.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { SeenDeps } from "../deps.ts";
import { aroundOf, objectsOf, ownersOf, targetOf } from "./objects.ts";
import { askEvictable } from "./evictable.ts";
import { askRollback } from "./rollback.ts";

/** Of so many objects the surroundings are looked at; of more the numbers would not be read. */
const lookedAt = 12;

/** Who asks for what: by an address, or by the form of a dialog. */
export interface Asking {
  deps: SeenDeps;
  v: Viewing;
  user: UserPrincipal;
  origin: Origin;
  query: URLSearchParams;
  /** On a page of its own rather than in a dialog. */
  page: boolean;
}

/** The action that an address names and that has a dialog; 404 where there is none. */
export function actionNamed(key: string): Action {
  const action = actionOf(key);
  if (!action || action.page) throw problem(404, "there is no such action");
  return action;
}

/** What a dialog shows before anything is done. 404 where none of its objects is there. */
export async function ask(
  asking: Asking,
  action: Action,
  faults: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const { deps, v, user, origin, query, page } = asking;
  const all = objectsOf(deps.datasource, v, query).filter((one) => action.types[one.kind] !== undefined);
  if (all.length === 0) throw problem(404, "there is no such object any more");
  const objects: ActionObject[] = [];
  const leftOut: Asked["leftOut"][number][] = [];
  for (const one of all) {
    const reason = reasonAgainst(v, action, action.types[one.kind]!, one);
    if (reason) leftOut.push({ name: one.name, reason });
    else objects.push(one);
  }
  const [first] = objects;
  const values = valuesOf(query);
  const rollback =
    action.key === "rollback" && first
      ? await askRollback(
          deps,
          user,
          origin,
          { cluster: first.cluster, target: targetOf("RolloutUndo", first) },
          /^\d{1,9}$/.test(values.revision ?? "") ? Number(values.revision) : undefined,
        )
      : undefined;
  return {
    action,
    objects,
    leftOut,
    around: objects.slice(0, lookedAt).map((one) => aroundOf(deps.datasource, one)),
    owners: first?.kind === "pod" ? ownersOf(deps.datasource, objects) : [],
    ...(rollback ? { rollback } : {}),
    ...(action.key === "evict"
      ? { evictable: await askEvictable(deps, user, origin, objects.slice(0, lookedAt)) }
      : {}),
    idem: idemOf(query),
    values,
    faults,
    back: page ? backOf(v, first ?? all[0]!) : undefined,
  };
}

/** What was entered, or stands in the address so that it is entered already. */
export function valuesOf(query: URLSearchParams): Record<string, string> {
  const own = new Set(["on", "idem", "_csrf"]);
  return Object.fromEntries(
    [...query].filter(([name]) => !own.has(name)).map(([name, value]) => [name, value.slice(0, 1000)]),
  );
}

function idemOf(query: URLSearchParams): string {
  const given = query.get("idem") ?? "";
  return /^[\w-]{8,60}$/.test(given) ? given : crypto.randomUUID();
}

function backOf(v: Viewing, { cluster, kind, namespace, name }: ActionObject): string {
  return objectHref(v, kind, cluster, namespace, name);
}
