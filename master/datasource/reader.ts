import type { ClusterCapacity, Datasource, ListQuery, Page, Ref, Row } from "../../views/model.ts";
import { type ItemOf, type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import { sees, type Sight, sightOf } from "../access/sight.ts";
import { capacityOf } from "./capacity.ts";
import type { ClusterViews } from "./cluster-views.ts";
import type { Clusters } from "./clusters.ts";
import { type Entry, ownerKey } from "./entry.ts";
import { type NodeMetricsStore, wholeSnapshot } from "./nodes.ts";
import type { Notices } from "./notices.ts";
import type { Objects } from "./objects.ts";
import { worstProblemFirst } from "./problems.ts";

/** What a datasource reads from. */
export interface Sources {
  clusters: Clusters;
  objects: Objects;
  metrics: NodeMetricsStore;
  views: ClusterViews;
  notices: Notices;
  now: () => number;
}

/** Everything that reads, with what is only asked for by the API. */
export interface SeenDatasource extends Datasource {
  /** The names that `sort` takes for a kind. */
  sorts(kind: KindKey): string[];
  /** What can be given, is asked for and used in a cluster that is seen whole. */
  capacity(cluster: string): ClusterCapacity | undefined;
  /** A cluster's id by its id, its name or the identity that its agent tells. */
  findCluster(text: string): string | undefined;
}

/**
 * Reads what a sight lets see, and nothing of the rest: every reader of the master is one of these, so that what
 * somebody may see is decided here and nowhere else. Metrics of nodes are those of clusters that are seen whole.
 */
export function createReader(from: Sources, sight: Sight): SeenDatasource {
  const { clusters, objects, metrics, views, notices, now } = from;
  const known = () => clusters.ids().filter((id) => sightOf(sight, id) !== undefined);
  const some = (cluster: string | undefined) => (cluster === undefined ? known() : [cluster]);
  const whole = (cluster: string) => sightOf(sight, cluster) === "all";
  const seen = sight === "everything" ? undefined : (one: Entry) => sees(sight, one.cluster, one.namespace);
  const view = (id: string) => {
    const part = sightOf(sight, id);
    return part && views.view(id, part);
  };

  function podsBy(cluster: string, by: Parameters<Datasource["podsOf"]>[1]): Iterable<Entry> {
    const { owner, node, selector } = by;
    const pods = objects.tables.pod;
    if (node !== undefined) return pods.byNode.get(cluster, node);
    if (owner) {
      const kind = kindKeys.find((one) => kinds[one].kind === owner.kind);
      return kind
        ? objects.podsOf(kind, { cluster, ...owner })
        : pods.byOwner.get(cluster, ownerKey(owner.kind, owner.namespace, owner.name));
    }
    return selector ? objects.selectedPods(cluster, selector.namespace, selector.labels) : [];
  }

  return {
    get revision() {
      return notices.revision;
    },
    clusters: () =>
      known()
        .map((id) => view(id)!)
        .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    cluster: view,
    list<K extends KindKey>(kind: K, query: ListQuery): Page<ItemOf[K]> {
      const { namespace, ...rest } = query;
      // What has no namespace is the same in all of them.
      const narrowed = kinds[kind].namespaced || kind === "namespace" ? query : rest;
      const { entries, ...page } = objects.tables[kind].select(narrowed, now(), seen);
      return { items: entries.map((entry) => objects.row(kind, entry)), ...page };
    },
    get<K extends KindKey>(kind: K, { cluster, namespace, name }: Ref): Row<ItemOf[K]> | undefined {
      const key = kinds[kind].namespaced && namespace ? `${namespace}/${name}` : name;
      const entry = objects.tables[kind].get(cluster, key);
      return entry && (seen?.(entry) ?? true) ? objects.row(kind, entry) : undefined;
    },
    namespaces(cluster) {
      const names = new Set<string>();
      for (const id of some(cluster))
        for (const entry of objects.tables.namespace.of(id).values())
          if (seen?.(entry) ?? true) names.add(entry.name);
      return [...names].sort();
    },
    podsOf(cluster, by) {
      const found = [...podsBy(cluster, by)];
      return (seen ? found.filter(seen) : found)
        .sort((a, b) => a.rank - b.rank || b.sinceMs - a.sinceMs || (a.name < b.name ? -1 : 1))
        .map((entry) => objects.row("pod", entry));
    },
    problems({ cluster, namespace }) {
      return some(cluster)
        .flatMap((id) => views.problems(id, sightOf(sight, id) ?? new Set()))
        .filter((one) => namespace === undefined || one.namespace === namespace)
        .sort(worstProblemFirst);
    },
    latestMetrics(cluster, node) {
      const found = whole(cluster) ? metrics.get(cluster, node) : undefined;
      return found && { snapshot: wholeSnapshot(found), receivedMs: found.receivedMs };
    },
    allLatestMetrics: (cluster) =>
      (cluster === undefined ? metrics.clusters() : [cluster]).filter(whole).flatMap((id) =>
        [...metrics.of(id).values()].map(({ snapshot, receivedMs }) => ({
          cluster: id,
          snapshot,
          receivedMs,
        })),
      ),
    removedMs: (kind, { cluster, namespace, name }) =>
      sees(sight, cluster, kind === "namespace" ? name : (namespace ?? ""))
        ? objects.removed.get(kind, cluster, namespace ? `${namespace}/${name}` : name)
        : undefined,
    recentMetrics: (cluster, node) =>
      whole(cluster) ? metrics.get(cluster, node)?.ring.recent(now()) : undefined,
    subscribe: (callback) => notices.subscribe(callback),
    capacity(cluster) {
      const found = whole(cluster) ? view(cluster) : undefined;
      return found && capacityOf(objects, found);
    },
    sorts: (kind) => objects.tables[kind].sorts,
    findCluster(text) {
      const id = clusters.find(text);
      return id !== undefined && sightOf(sight, id) ? id : undefined;
    },
  };
}
