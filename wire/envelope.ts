import { type Static, type TSchema, Type as T } from "@sinclair/typebox";
import { Event, LegacyEvent } from "./event.ts";
import { type KindKey, kindKeys, kinds, routeOf, sourceOf } from "./kinds.ts";
import { NodeMetricsSnapshot } from "./metrics.ts";
import { eventsRoute, metricsRoute, statusRoute } from "./routes.ts";
import { AgentStatus } from "./status.ts";

/**
 * How a list that is too long for one message, or has changed a little, travels. `full`: the parts together
 * replace what was there, when the last is in. `delta`: items are upserts, `removed` are keys that are gone.
 * `seq` counts by one per run and source; all parts of one full list have the same seq.
 * An agent's status may have it too: a `delta` with the `seq` of the last that came whole, and an empty payload, says
 * that nothing about it has changed.
 */
export const Sync = T.Object({
  run: T.String({ minLength: 1, maxLength: 100 }),
  seq: T.Integer({ minimum: 1 }),
  mode: T.Union([T.Literal("full"), T.Literal("delta")]),
  part: T.Optional(T.Integer({ minimum: 1 })),
  parts: T.Optional(T.Integer({ minimum: 1, maximum: 10_000 })),
  removed: T.Optional(T.Array(T.String({ maxLength: 600 }))),
});
export type Sync = Static<typeof Sync>;

const Head = {
  version: T.Literal("v1"),
  cluster_id: T.String({ minLength: 1, maxLength: 200 }),
  source: T.String({ minLength: 1, maxLength: 100 }),
  ts_ms: T.Integer({ minimum: 0 }),
  sync: T.Optional(Sync),
};

/** The frame of every message; the payload's shape follows from the source. */
export const Envelope = T.Object({ ...Head, payload: T.Unknown() });
export type Envelope<P = unknown> = Omit<Static<typeof Envelope>, "payload"> & { payload: P };

export const EventsPayload = T.Object({
  events: T.Union([T.Array(T.Union([Event, LegacyEvent]), { maxItems: 10_000 }), T.Null()]),
});
export const MetricsPayload = T.Object({
  snapshots: T.Union([
    T.Array(NodeMetricsSnapshot, { maxItems: 5000 }),
    // AtlHyper 1.x sends an object by node name.
    T.Record(T.String(), T.Union([NodeMetricsSnapshot, T.Array(NodeMetricsSnapshot)])),
    T.Null(),
  ]),
});
export const AgentStatusPayload = T.Object({ agent: AgentStatus });

/** A source of envelopes: where it is posted and what its payload is. */
export interface Source {
  readonly names: readonly string[];
  readonly route: string;
  readonly payload: TSchema;
  /** Set on lists of objects. */
  readonly kind?: KindKey;
}

export const eventsSource: Source = {
  names: ["events", "k8s_event"],
  route: eventsRoute,
  payload: EventsPayload,
};
export const metricsSource: Source = {
  names: ["metrics_snapshot"],
  route: metricsRoute,
  payload: MetricsPayload,
};
export const statusSource: Source = {
  names: ["agent_status_snapshot"],
  route: statusRoute,
  payload: AgentStatusPayload,
};
export const listSources: readonly Source[] = kindKeys.map((key) => ({
  names: [sourceOf(key)],
  route: routeOf(key),
  kind: key,
  payload: T.Object({ [kinds[key].field]: T.Union([T.Array(kinds[key].schema), T.Null()]) }),
}));

/** Every ingest route of the wire. */
export const sources: readonly Source[] = [eventsSource, metricsSource, statusSource, ...listSources];

// biome-ignore lint/performance/noBarrelFile: the routes stand apart for senders that need no schema
export { openEventsRoute, probeRoute } from "./routes.ts";
