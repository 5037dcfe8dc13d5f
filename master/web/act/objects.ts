import type { Around, OwnerShare } from "../../../views/actions/asked.ts";
import type { ActionObject } from "../../../views/actions/registry.ts";
import type { Datasource, Row } from "../../../views/model.ts";
import type { Viewing } from "../../../views/viewing.ts";
import { type CommandType, infoOf } from "../../../wire/command-names.ts";
import { apiVersions, type KindKey, kindKeys, kindNames } from "../../../wire/kind-names.ts";
import type { AnyItem } from "../../../wire/kinds.ts";
import type { Pod } from "../../../wire/pod.ts";

/** So many objects can be acted on at once: a page of a list. */
const mostObjects = 100;

/** Whether the viewer may see what is at a place at all. */
export const maySee = (v: Pick<Viewing, "can">, cluster: string, namespace: string): boolean =>
  v.can("ResourceGet", namespace === "" ? { cluster } : { cluster, namespace });

/** An object by its text in an address, `c1/pod/shop/web-1`; undefined where the viewer sees none. */
export function objectAt(
  datasource: Datasource,
  v: Pick<Viewing, "can">,
  text: string,
): ActionObject | undefined {
  const [cluster = "", key = "", namespace = "", name = "", ...more] = text.split("/");
  const kind = kindKeys.find((one) => one === key);
  if (kind === undefined || name === "" || more.length > 0 || !maySee(v, cluster, namespace))
    return undefined;
  const row = datasource.get(kind, { cluster, name, ...(namespace === "" ? {} : { namespace }) });
  return row && { cluster, kind, namespace, name, row: row as Row<AnyItem> };
}

/** The objects that an address or a form names, each once, all of the kind of the first. */
export function objectsOf(
  datasource: Datasource,
  v: Pick<Viewing, "can">,
  query: URLSearchParams,
): ActionObject[] {
  const found = [...new Set(query.getAll("on"))]
    .slice(0, mostObjects)
    .flatMap((text) => objectAt(datasource, v, text) ?? []);
  return found.filter((one) => one.kind === found[0]!.kind);
}

/** What a command of a type names as its target. */
export function targetOf(type: CommandType, { kind, namespace, name }: ActionObject): Record<string, string> {
  switch (infoOf(type).object) {
    case "pod":
      return { ns: namespace, pod: name };
    case "node":
      return { node: name };
    case "resource":
      return {
        apiVersion: apiVersions[kind],
        kind: kindNames[kind].kind,
        ...(namespace === "" ? {} : { ns: namespace }),
        name,
      };
    default:
      return { ns: namespace, kind: kindNames[kind].kind, name };
  }
}

const isReady = (pod: Row<Pod>): boolean => {
  const [ready, all] = (pod.item.summary.ready ?? "").split("/");
  return ready !== undefined && ready !== "0" && ready === all && !pod.item.summary.deletedAt;
};

const isOver = ({ item }: Row<Pod>) => item.summary.phase === "Succeeded" || item.summary.phase === "Failed";

/** What stands around an object that an action would touch. */
export function aroundOf(datasource: Datasource, object: ActionObject): Around {
  const { cluster, kind, namespace, name } = object;
  if (kind === "pod") return { pods: 1, ready: 0 };
  const by = kind === "node" ? { node: name } : { owner: { kind: kindNames[kind].kind, namespace, name } };
  const pods = datasource.podsOf(cluster, by).filter((one) => !isOver(one));
  const around: Around = { pods: pods.length, ready: pods.filter(isReady).length };
  const scaler = scalersOf(datasource, object);
  return scaler ? { ...around, autoscaler: scaler } : around;
}

const scalable: readonly KindKey[] = ["deployment", "statefulset", "replicaset"];

function scalersOf(datasource: Datasource, { cluster, kind, namespace, name }: ActionObject) {
  if (!scalable.includes(kind)) return undefined;
  const found = datasource
    .list("horizontalpodautoscaler", { cluster, namespace, limit: 1000 })
    .items.find(
      ({ item: { summary } }) =>
        summary.target?.kind === kindNames[kind].kind && summary.target.name === name,
    );
  const summary = found?.item.summary;
  return summary && { name: summary.name, min: summary.minReplicas ?? 1, max: summary.maxReplicas ?? 1 };
}

/** Pods by the owner that makes them again: how many go, and how many of the others are ready. */
export function ownersOf(datasource: Datasource, pods: readonly ActionObject[]): OwnerShare[] {
  const groups = new Map<string, ActionObject[]>();
  for (const one of pods) {
    const owner = outermost(one.row as Row<Pod>);
    const key = owner ? `${one.cluster}/${one.namespace}/${owner.kind}/${owner.name}` : "";
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([key, group]) => {
    const first = group[0]!;
    const owner = outermost(first.row as Row<Pod>);
    if (key === "" || !owner) return { owner: "", going: group.length, all: group.length, stayReady: 0 };
    const { kind = "", name = "" } = owner;
    const all = datasource
      .podsOf(first.cluster, { owner: { kind, namespace: first.namespace, name } })
      .filter((one) => !isOver(one));
    const going = new Set(group.map((one) => one.name));
    const stayReady = all.filter((one) => isReady(one) && !going.has(one.item.summary.name)).length;
    return {
      owner: `${kind} ${name}`,
      going: group.length,
      all: Math.max(all.length, group.length),
      stayReady,
    };
  });
}

/** The owner at the end of the chain: the Deployment rather than its ReplicaSet. */
function outermost({ item }: Row<Pod>): { kind?: string; name?: string } | undefined {
  const { owners, controlledBy } = item.summary;
  return owners?.at(-1) ?? controlledBy ?? undefined;
}
