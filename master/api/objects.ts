import { Type as T } from "@sinclair/typebox";
import { type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import { problem } from "../../wire/problem.ts";
import { awaitedLists } from "../datasource/awaited.ts";
import { page, scopeCluster } from "./common.ts";
import { paging, pathCluster, scope } from "./places.ts";
import { integer, readQuery, text } from "./query.ts";
import type { Route } from "./route.ts";
import { Cluster, clusterOf, itemOf, Metrics, recentOf, withAbout } from "./shapes.ts";

const listParameters = {
  ...scope,
  node: text("A node's name."),
  status: text(
    "A health (critical, warning, unknown, info, ok), `attention` for the worst three, or a state.",
  ),
  q: text("Words that must all occur in the name, namespace, node, state, labels, images."),
  ...paging,
  offset: integer("How many to skip, instead of a cursor.", 0, 10_000_000),
};

function kindRoutes(kind: KindKey): Route[] {
  const { field, kind: name, namespaced, schema } = kinds[kind];
  const item = withAbout(schema);
  return [
    {
      path: `/api/v1/${field}`,
      id: `list${name}`,
      tag: field,
      summary: `Lists ${field}, worst first.`,
      query: listParameters,
      answer: T.Composite([
        page(item),
        T.Object({
          attention: T.Integer({ description: "How many of those that match need attention." }),
          awaited: T.Optional(
            T.Array(T.String(), {
              description:
                "The ids of clusters whose agent has not told these since the master started: what they have is not here yet.",
            }),
          ),
        }),
      ]),
      get(parts, request) {
        const query = readQuery(request.url, listParameters);
        const sorts = parts.datasource.sorts(kind);
        if (query.sort && !sorts.includes(query.sort.replace(/^-/, "")))
          throw problem(422, `sort must be one of ${sorts.join(", ")}, with - before it for descending`, {
            pointer: "/sort",
          });
        const asked = scopeCluster(parts, query.cluster);
        const found = parts.datasource.list(kind, { ...query, ...asked });
        const clusters =
          asked.cluster === undefined ? parts.datasource.clusters().map((one) => one.id) : [asked.cluster];
        const awaited = clusters.filter((id) => awaitedLists(parts.datasource, id, kind));
        return { ...found, ...(awaited.length > 0 ? { awaited } : {}), items: found.items.map(itemOf) };
      },
    },
    {
      path: `/api/v1/${field}/:cluster/${namespaced ? ":namespace/" : ""}:name`,
      id: `get${name}`,
      tag: field,
      summary: `One ${name}.`,
      query: {},
      answer: item,
      get(parts, request, params) {
        readQuery(request.url, {});
        const { namespace, name: called = "" } = params;
        const cluster = pathCluster(parts, params);
        const row = parts.datasource.get(kind, {
          cluster,
          name: called,
          ...(namespace ? { namespace } : {}),
        });
        if (!row && awaitedLists(parts.datasource, cluster, kind))
          throw problem(503, "the list of this cluster's agent has not come since the master started", {
            retryAfterSeconds: 5,
          });
        if (!row) throw problem(404, `there is no such ${name}`);
        return itemOf(row);
      },
    },
  ];
}

/** Clusters. */
export const clusterRoutes: Route[] = [
  {
    path: "/api/v1/clusters",
    id: "listCluster",
    tag: "clusters",
    summary: "Lists clusters, by name.",
    query: {},
    answer: page(Cluster),
    get(parts, request) {
      readQuery(request.url, {});
      const items = parts.datasource.clusters().map(clusterOf);
      return { items, total: items.length };
    },
  },
  {
    path: "/api/v1/clusters/:cluster",
    id: "getCluster",
    tag: "clusters",
    summary: "One cluster.",
    query: {},
    answer: Cluster,
    get(parts, request, params) {
      readQuery(request.url, {});
      return clusterOf(parts.datasource.cluster(pathCluster(parts, params))!);
    },
  },
];

/** What a node measures now. */
export const metricsRoute: Route = {
  path: "/api/v1/nodes/:cluster/:name/metrics",
  id: "getNodeMetrics",
  tag: "nodes",
  summary: "A node's newest metrics and their last 15 minutes.",
  query: {},
  answer: Metrics,
  get(parts, request, params) {
    readQuery(request.url, {});
    const cluster = pathCluster(parts, params);
    const latest = parts.datasource.latestMetrics(cluster, params.name!);
    const recent = parts.datasource.recentMetrics(cluster, params.name!);
    if (!latest || !recent) throw problem(404, "there are no metrics of such a node");
    return { received_ms: latest.receivedMs, snapshot: latest.snapshot, recent: recentOf(recent) };
  },
};

/** The objects of every kind. */
export const objectRoutes: readonly Route[] = kindKeys.flatMap(kindRoutes);
