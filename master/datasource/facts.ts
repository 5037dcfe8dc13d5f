import { healthRank } from "../../views/model.ts";
import { type AnyItem, type ItemOf, type KindKey, keyOf } from "../../wire/kinds.ts";
import type { Entry, Standing } from "./entry.ts";
import { configmap } from "./health/configmap.ts";
import { cronjob } from "./health/cronjob.ts";
import { daemonset } from "./health/daemonset.ts";
import { deployment } from "./health/deployment.ts";
import type { KindFacts } from "./health/facts.ts";
import { horizontalpodautoscaler } from "./health/horizontalpodautoscaler.ts";
import { ingress } from "./health/ingress.ts";
import { job } from "./health/job.ts";
import { namespace } from "./health/namespace.ts";
import { node } from "./health/node.ts";
import { persistentvolumeclaim } from "./health/persistentvolumeclaim.ts";
import { pod } from "./health/pod.ts";
import { replicaset } from "./health/replicaset.ts";
import { service } from "./health/service.ts";
import { statefulset } from "./health/statefulset.ts";
import { parseTime } from "../../wire/values.ts";

/** What the master knows how to tell of each kind. */
export const factsOf: { [K in KindKey]: KindFacts<ItemOf[K]> } = {
  pod,
  node,
  service,
  namespace,
  ingress,
  deployment,
  configmap,
  statefulset,
  daemonset,
  replicaset,
  job,
  cronjob,
  persistentvolumeclaim,
  horizontalpodautoscaler,
};

export const columnNames = (kind: KindKey): string[] => Object.keys(factsOf[kind].columns);

/** Short texts that many objects share (namespaces, nodes, states, images), kept once. */
const shared = new Map<string, string>();
function share(text: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  if (shared.size > 50_000) shared.clear();
  if (text.length <= 100) shared.set(text, text);
  return text;
}

/** An object as the master keeps it. `verdict` overrides the object's own standing where it is worse. */
export function makeEntry<K extends KindKey>(
  kind: K,
  cluster: string,
  item: ItemOf[K],
  text: string,
  now: number,
  before: Entry | undefined,
  verdict?: Standing,
): Entry {
  const facts = factsOf[kind] as unknown as KindFacts<AnyItem>;
  let standing = facts.standing(item, now);
  if (verdict && healthRank[verdict.health] < healthRank[standing.health]) standing = verdict;
  const { name, namespace } = item.summary as { name: string; namespace?: string };
  // A list narrowed to a namespace shows that namespace itself.
  const space = kind === "namespace" ? name : (namespace ?? "");
  const on = facts.node?.(item) ?? "";
  const resources = facts.resources?.(item);
  const words = [name, space, on, standing.state, ...facts.search(item)];
  return {
    cluster,
    key: before?.key ?? keyOf(item as Parameters<typeof keyOf>[0]),
    name,
    namespace: share(space),
    node: share(on),
    uid: facts.uid?.(item) ?? "",
    health: standing.health,
    rank: healthRank[standing.health],
    state: share(standing.state),
    why: standing.why,
    sinceMs: standing.sinceMs || sinceBefore(standing, before, now),
    createdMs: parseTime(facts.created(item)),
    recheckMs: standing.recheckMs ?? 0,
    haystack: words.filter(Boolean).join("\n").toLowerCase(),
    columns: Object.values(facts.columns).map((column) => {
      const value = column(item) ?? "";
      return typeof value === "string" ? share(value) : value;
    }),
    owners: shareList(facts.owners?.(item) ?? none),
    ...(resources ? { resources } : {}),
    text,
    gone: false,
    slot: 0,
  };
}

const none: readonly string[] = [];

/** Lists that objects share: the pods of a workload have the same owners. */
const lists = new Map<string, readonly string[]>();
function shareList(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return none;
  const key = texts.join("\n");
  const known = lists.get(key);
  if (known) return known;
  if (lists.size > 20_000) lists.clear();
  const list = texts.map(share);
  lists.set(key, list);
  return list;
}

/** Where an object does not tell since when: from when the master saw the state begin; 0 if it was so before. */
function sinceBefore(standing: Standing, before: Entry | undefined, now: number): number {
  if (!before) return 0;
  return before.health === standing.health && before.state === standing.state ? before.sinceMs : now;
}
