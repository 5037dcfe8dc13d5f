import { type Static, Type as T } from "@sinclair/typebox";

export const Severity = T.Union([T.Literal("info"), T.Literal("warning"), T.Literal("critical")]);

/**
 * One occurrence: what happened to which object, since when, how often. The same occurrence always has the
 * same `id`, so that sending it again with a higher count, or as resolved, changes the one that is stored.
 */
export const Event = T.Object({
  id: T.String({ minLength: 1, maxLength: 200 }),
  ts_ms: T.Integer({ minimum: 0 }),
  first_ts_ms: T.Optional(T.Integer({ minimum: 0 })),
  /** When the cause was gone; absent while it is there, and on events that merely happened. */
  resolved_ts_ms: T.Optional(T.Integer({ minimum: 0 })),
  count: T.Optional(T.Integer({ minimum: 0 })),
  kind: T.String({ maxLength: 253 }),
  namespace: T.Optional(T.String({ maxLength: 253 })),
  name: T.String({ maxLength: 1024 }),
  uid: T.Optional(T.String({ maxLength: 100 })),
  /** The container, where the occurrence is one container's. */
  container: T.Optional(T.String({ maxLength: 253 })),
  node: T.Optional(T.String({ maxLength: 253 })),
  reason: T.String({ maxLength: 200 }),
  category: T.Optional(T.String({ maxLength: 100 })),
  severity: Severity,
  message: T.Optional(T.String({ maxLength: 8192 })),
  /** `kubernetes`, `diagnosis`, or an adapter's name. */
  origin: T.Optional(T.String({ maxLength: 100 })),
});

/** As AtlHyper 1.x sends one. */
export const LegacyEvent = T.Object({
  Timestamp: T.String(),
  Kind: T.String(),
  Namespace: T.Optional(T.String()),
  Name: T.String(),
  Node: T.Optional(T.String()),
  ReasonCode: T.Optional(T.String()),
  Category: T.Optional(T.String()),
  Severity: T.Optional(T.String()),
  Message: T.Optional(T.String()),
});

export type Severity = Static<typeof Severity>;
export type Event = Static<typeof Event>;
export type LegacyEvent = Static<typeof LegacyEvent>;
