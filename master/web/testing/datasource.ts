import { type Datasource, healthRank, type ListQuery, type Page, type Row } from "../../../views/model.ts";
import type { SeenDatasource } from "../../datasource/reader.ts";
import type { ItemOf, KindKey } from "../../../wire/kinds.ts";

/** A datasource over rows that a test puts in; it filters and sorts like the real one, only plainly. */
export interface FakeDatasource extends SeenDatasource {
  /** Everybody sees everything. */
  seenBy(): FakeDatasource;
  rows: { [K in KindKey]?: Row<ItemOf[K]>[] };
  clusterViews: ReturnType<Datasource["clusters"]>;
  changed(cluster: string, ...topics: string[]): void;
}

export function fakeDatasource(): FakeDatasource {
  const listeners = new Set<Parameters<Datasource["subscribe"]>[0]>();
  const all = (kind: KindKey) => (fake.rows[kind] ?? []) as Row<ItemOf[KindKey]>[];
  const fake: FakeDatasource = {
    rows: {},
    seenBy: () => fake,
    sorts: () => [],
    capacity: () => undefined,
    findCluster: (text) => fake.clusterViews.find((one) => one.id === text || one.name === text)?.id,
    clusterViews: [],
    revision: 0,
    clusters: () => fake.clusterViews,
    cluster: (id) => fake.clusterViews.find((one) => one.id === id),
    list<K extends KindKey>(kind: K, query: ListQuery) {
      const found = all(kind)
        .filter((row) => matches(row, query))
        .sort(order(query.sort));
      const from = query.offset ?? 0;
      const page = {
        items: found.slice(from, from + (query.limit ?? 100)),
        total: found.length,
        attention: found.filter((row) => healthRank[row.health] < 3).length,
      };
      return page as unknown as Page<ItemOf[K]>;
    },
    get<K extends KindKey>(kind: K, ref: { cluster: string; namespace?: string; name: string }) {
      const key = ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name;
      const row = all(kind).find((one) => one.cluster === ref.cluster && one.key === key);
      return row as unknown as Row<ItemOf[K]> | undefined;
    },
    namespaces: (cluster) =>
      [
        ...new Set(
          all("namespace")
            .filter((row) => cluster === undefined || row.cluster === cluster)
            .map((row) => row.key),
        ),
      ].sort(),
    podsOf: (cluster, by) =>
      (fake.rows.pod ?? []).filter(
        (row) => row.cluster === cluster && (by.node === undefined || row.item.summary.node === by.node),
      ),
    problems: () => [],
    latestMetrics: () => undefined,
    allLatestMetrics: () => [],
    removedMs: () => undefined,
    recentMetrics: () => undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed(cluster, ...topics) {
      for (const one of listeners) one([{ cluster, topics: new Set(topics) as never }]);
    },
  };
  return fake;
}

function matches(row: Row<ItemOf[KindKey]>, query: ListQuery): boolean {
  const summary = row.item.summary as { name: string; namespace?: string };
  if (query.cluster !== undefined && row.cluster !== query.cluster) return false;
  if (query.namespace !== undefined && summary.namespace !== query.namespace) return false;
  if (query.status === "attention" && healthRank[row.health] > 2) return false;
  if (
    query.status &&
    query.status !== "attention" &&
    query.status !== row.health &&
    query.status !== row.state
  )
    return false;
  return !query.q || `${row.key} ${row.state}`.includes(query.q);
}

function order(sort = ""): (a: Row<unknown>, b: Row<unknown>) => number {
  const sign = sort.startsWith("-") ? -1 : 1;
  if (sort.replace("-", "") === "name") return (a, b) => sign * (a.key < b.key ? -1 : 1);
  if (sort.replace("-", "") === "age") return (a, b) => sign * (b.createdMs - a.createdMs);
  return (a, b) => healthRank[a.health] - healthRank[b.health] || (a.key < b.key ? -1 : 1);
}
