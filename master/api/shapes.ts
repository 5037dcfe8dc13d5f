import { type Static, type TSchema, Type as T } from "@sinclair/typebox";
import type { ClusterView, ProblemView, RecentMetrics, Row } from "../../views/model.ts";
import { Severity } from "../../wire/event.ts";
import { type AnyItem, kinds } from "../../wire/kinds.ts";
import { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { AgentStatus } from "../../wire/status.ts";

/** What the API answers besides the wire's own objects. Times are ms since 1970, 0 where they are not known. */

const Health = T.Union(
  ["critical", "warning", "unknown", "info", "ok"].map((one) => T.Literal(one)),
  {
    description: "How well the object is.",
  },
);

export const About = T.Object(
  {
    cluster: T.String({ description: "The cluster's id." }),
    health: Health,
    state: T.String({ description: "The state in one word, as kubectl shows it." }),
    why: T.String({ description: "Why, in words; empty when all is well." }),
    since_ms: T.Number(),
    created_ms: T.Number(),
    usage: T.Optional(T.Object({ cpu_cores: T.Number(), memory_bytes: T.Number() })),
  },
  { description: "What the master knows about the object." },
);

export const Cluster = T.Object({
  id: T.String(),
  cluster_id: T.Optional(
    T.String({ description: "What its agent says it is: the UID of the kube-system namespace." }),
  ),
  name: T.String(),
  flavour: T.String(),
  connection: T.Union([T.Literal("waiting"), T.Literal("connected"), T.Literal("silent")]),
  last_seen_ms: T.Number(),
  health: Health,
  status: T.Optional(AgentStatus),
  awaited: T.Optional(
    T.Object(
      { since_ms: T.Number(), kinds: T.Array(T.String()) },
      { description: "The lists that have not come since the master started, or its agent was heard first." },
    ),
  ),
  counts: T.Record(T.String(), T.Number()),
  usage: T.Object({
    cpu_cores: T.Number(),
    cpu_total: T.Number(),
    memory_bytes: T.Number(),
    memory_total: T.Number(),
  }),
});

export const WrongNow = T.Object({
  cluster: T.String(),
  kind: T.String(),
  namespace: T.String(),
  name: T.String(),
  node: T.String(),
  reason: T.String(),
  message: T.String(),
  severity: Severity,
  since_ms: T.Number(),
  last_ms: T.Number(),
  count: T.Number(),
  cause: T.Optional(
    T.String({ description: "What is wrong with its pods, where the message is of itself." }),
  ),
  event_id: T.Optional(T.String()),
  changed_before: T.Optional(T.String({ description: "What changed just before, in words." })),
});

export const Metrics = T.Object({
  received_ms: T.Number(),
  snapshot: NodeMetricsSnapshot,
  recent: T.Object(
    {
      times_ms: T.Array(T.Number()),
      groups: T.Array(
        T.Object({
          name: T.String(),
          series: T.Array(
            T.Object({
              name: T.String(),
              unit: T.String(),
              values: T.Array(T.Union([T.Number(), T.Null()])),
            }),
          ),
        }),
      ),
    },
    { description: "The last 15 minutes; null where there is a gap." },
  ),
});

export const ProblemDetails = T.Object(
  {
    status: T.Integer(),
    title: T.String(),
    detail: T.Optional(T.String()),
    pointer: T.Optional(T.String({ description: "JSON pointer to the first fault." })),
    request: T.Optional(T.String({ description: "Names the request in the master's log." })),
  },
  { description: "RFC 9457" },
);

export const withAbout = (schema: TSchema): TSchema =>
  T.Composite([schema as never, T.Object({ atlhyper: About })]);

export function itemOf(row: Row<AnyItem>): Record<string, unknown> {
  const { cluster, health, state, why, sinceMs, createdMs, usage } = row;
  const about: Static<typeof About> = {
    cluster,
    health,
    state,
    why,
    since_ms: sinceMs,
    created_ms: createdMs,
    ...(usage ? { usage: { cpu_cores: usage.cpuCores, memory_bytes: usage.memoryBytes } } : {}),
  };
  return { ...row.item, atlhyper: about };
}

export function clusterOf(view: ClusterView): Static<typeof Cluster> {
  const { id, clusterID, name, flavour, connection, lastSeenMs, health, status, awaited, counts, usage } =
    view;
  return {
    id,
    ...(clusterID ? { cluster_id: clusterID } : {}),
    name,
    flavour,
    connection,
    last_seen_ms: lastSeenMs,
    health,
    ...(status ? { status } : {}),
    ...(awaited
      ? { awaited: { since_ms: awaited.sinceMs, kinds: awaited.kinds.map((one) => kinds[one].kind) } }
      : {}),
    counts,
    usage: {
      cpu_cores: usage.cpuCores,
      cpu_total: usage.cpuTotal,
      memory_bytes: usage.memoryBytes,
      memory_total: usage.memoryTotal,
    },
  };
}

export function wrongNowOf(view: ProblemView): Static<typeof WrongNow> {
  const { sinceMs, lastMs, eventID, changedBefore, ...same } = view;
  return {
    ...same,
    since_ms: sinceMs,
    last_ms: lastMs,
    ...(eventID ? { event_id: eventID } : {}),
    ...(changedBefore ? { changed_before: changedBefore } : {}),
  };
}

export function recentOf(recent: RecentMetrics): Static<typeof Metrics>["recent"] {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return {
    times_ms: Array.from(recent.times),
    groups: recent.groups.map(({ name, series }) => ({
      name,
      series: series.map((one) => ({
        name: one.name,
        unit: one.unit,
        values: Array.from(one.values, known),
      })),
    })),
  };
}
