import { type TSchema, Type as T } from "@sinclair/typebox";
import { Event } from "../../wire/event.ts";
import { type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import { problem } from "../../wire/problem.ts";
import type { Principal, Role } from "../access/principal.ts";
import type { MasterParts } from "../parts.ts";
import type { Within } from "../within.ts";
import { awaitedLists } from "../datasource/awaited.ts";
import { alertRuleRoutes } from "./alert-rules.ts";
import { alertSettingRoutes } from "./alert-settings.ts";
import { alertRoutes } from "./alerts.ts";
import { annotationRoutes } from "./annotations.ts";
import { escalationRoutes } from "./escalations.ts";
import { maintenanceRoutes } from "./maintenance.ts";
import { auditRoutes } from "./audit.ts";
import { capacityRoutes } from "./capacity.ts";
import { commandRoutes } from "./commands.ts";
import { page, scopeCluster } from "./common.ts";
import { overRoutes } from "./over.ts";
import { choice, flag, integer, type Parameters, readQuery, text, time } from "./query.ts";
import { Cluster, clusterOf, itemOf, Metrics, recentOf, WrongNow, withAbout, wrongNowOf } from "./shapes.ts";
import { topRoutes } from "./top.ts";

/** A running master as the one who asks sees it. */
export type SeenParts = Within<MasterParts>;

/** One address of the API: what the server does there, and what the OpenAPI document says of it. */
export interface Route {
  path: string;
  /** GET by default. */
  method?: "POST";
  /** Who may ask at all; a viewer by default. */
  role?: Role;
  /** Of the body of a POST; absent: it has none. */
  body?: TSchema;
  /** What the body is; JSON by default. */
  bodyType?: string;
  id: string;
  tag: string;
  summary: string;
  query: Parameters;
  answer: TSchema;
  /** It is asked again and again, and often the answer is the one from before. */
  polled?: boolean;
  /** Answers with what is written as JSON, or with an answer of its own; or with a promise of either. */
  get(parts: SeenParts, request: Request, params: Record<string, string>, by: Principal): unknown;
}

const paging = {
  sort: text("A column, `-` before it for descending."),
  limit: integer("How many at most, 100 by default.", 1, 1000),
  cursor: text("`next` of the page before."),
};
const scope = {
  cluster: text("A cluster, by its id or name."),
  namespace: text("A namespace."),
};
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
const eventParameters = {
  ...scope,
  kind: text("The kind of the object, such as Pod."),
  name: text("The object's name."),
  node: text("A node's name."),
  severity: choice("How bad it is.", ["info", "warning", "critical"]),
  reason: text("The reason, such as CrashLoopBackOff."),
  origin: text("kubernetes, diagnosis, or an adapter's name."),
  q: text('Full text: words and "phrases".'),
  open: flag("Only diagnosed occurrences that are not over."),
  from: time("Not before this time: RFC 3339 or ms."),
  to: time("Not after this time: RFC 3339 or ms."),
  ...paging,
};

function pathCluster(parts: SeenParts, params: Record<string, string>): string {
  const cluster = parts.datasource.findCluster(params.cluster!);
  if (!cluster) throw problem(404, "there is no such cluster");
  return cluster;
}

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
        const found = parts.datasource.list(kind, { ...query, ...scopeCluster(parts, query.cluster) });
        const scope = scopeCluster(parts, query.cluster).cluster;
        const awaited = (
          scope === undefined ? parts.datasource.clusters().map((one) => one.id) : [scope]
        ).filter((id) => awaitedLists(parts.datasource, id, kind));
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

const clusterRoutes: Route[] = [
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

const metricsRoute: Route = {
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

const StoredEvent = T.Composite([Event, T.Object({ cluster: T.String() })]);

const eventRoutes: Route[] = [
  {
    path: "/api/v1/events",
    id: "listEvent",
    tag: "events",
    summary: "The event history, newest first.",
    query: eventParameters,
    answer: T.Composite([
      page(StoredEvent),
      T.Object({ more: T.Boolean({ description: "More match than were counted." }) }),
    ]),
    get(parts, request) {
      const { from, to, ...query } = readQuery(request.url, eventParameters);
      return parts.history.search({
        ...query,
        ...scopeCluster(parts, query.cluster),
        ...(from === undefined ? {} : { fromMs: from }),
        ...(to === undefined ? {} : { toMs: to }),
      });
    },
  },
  {
    path: "/api/v1/events/:cluster/:id",
    id: "getEvent",
    tag: "events",
    summary: "One event.",
    query: {},
    answer: StoredEvent,
    get(parts, request, params) {
      readQuery(request.url, {});
      const event = parts.history.get(pathCluster(parts, params), params.id!);
      if (!event) throw problem(404, "there is no such event");
      return event;
    },
  },
  {
    path: "/api/v1/problems",
    id: "listProblem",
    tag: "problems",
    summary: "What is wrong now, worst first.",
    query: scope,
    answer: page(WrongNow),
    get(parts, request) {
      const query = readQuery(request.url, scope);
      const items = parts.datasource
        .problems({ ...query, ...scopeCluster(parts, query.cluster) })
        .map(wrongNowOf);
      return { items, total: items.length };
    },
  },
];

/** Every address below /api/v1. */
export const routes: readonly Route[] = [
  ...clusterRoutes,
  ...kindKeys.flatMap(kindRoutes),
  metricsRoute,
  ...overRoutes,
  ...annotationRoutes,
  ...topRoutes,
  ...capacityRoutes,
  ...eventRoutes,
  ...alertRoutes,
  ...alertRuleRoutes,
  ...alertSettingRoutes,
  ...maintenanceRoutes,
  ...escalationRoutes,
  ...commandRoutes,
  ...auditRoutes,
];
