import { type Static, Type as T } from "@sinclair/typebox";

/**
 * Control, master ↔ agent. A command is safe to repeat: before the agent changes anything it reports what was
 * there (`before`, with /control/progress), and acts only once the master has stored that, under preconditions
 * taken from it. A command that is fetched again carries `before`, so that the agent can tell whether it took
 * effect already.
 */
const Id = T.String({ minLength: 1, maxLength: 100 });
const ClusterID = T.String({ minLength: 1, maxLength: 200 });
/** `rv` is a number; AtlHyper 1.x sends it as a decimal string. */
const Version = T.Union([T.Integer({ minimum: 0 }), T.String({ pattern: "^[0-9]{1,15}$" })]);
export const Target = T.Record(T.String({ maxLength: 50 }), T.String({ maxLength: 1000 }));
/** At most 1 MiB as JSON (a manifest to apply); the master measures. */
export const Args = T.Record(T.String({ maxLength: 50 }), T.Unknown());

export const WatchRequest = T.Object({
  clusterID: ClusterID,
  rv: T.Optional(Version),
  /** 60 at most. */
  waitSeconds: T.Optional(T.Number({ minimum: 0 })),
  /** Ours: the agent's process and when it started, so that two agents of a cluster are noticed. */
  run: T.Optional(T.String({ maxLength: 100 })),
  startedAt_ms: T.Optional(T.Integer({ minimum: 0 })),
});

export const Command = T.Object({
  id: Id,
  type: T.String({ minLength: 1, maxLength: 100 }),
  target: Target,
  args: T.Optional(T.Union([Args, T.Null()])),
  /** The same `idem` is the same command; with other content it is refused (409). */
  idem: T.Optional(T.String({ maxLength: 200 })),
  /** `add` as a rule; `cancel`: not to be started, and ended where it can be. */
  op: T.Optional(T.Union([T.Literal("add"), T.Literal("update"), T.Literal("cancel")])),
  /** Ours: what an earlier attempt reported to have found before it acted. */
  before: T.Optional(T.Unknown()),
  /** Ours: when it was asked for, and by when it has to be started. */
  createdAt_ms: T.Optional(T.Integer({ minimum: 0 })),
  deadline_ms: T.Optional(T.Integer({ minimum: 0 })),
});

export const CommandSet = T.Object({
  clusterID: ClusterID,
  rv: T.Integer({ minimum: 0 }),
  commands: T.Array(Command),
});

/** The command that takes back what a command did, with its own preconditions in `args`. */
export const UndoCommand = T.Object({
  type: T.String({ minLength: 1, maxLength: 100 }),
  target: Target,
  args: T.Optional(Args),
});

export const AckResult = T.Object({
  commandID: Id,
  /** `success` or `failed`; AtlHyper 1.x writes `Succeeded` and `Failed`. */
  status: T.String({ pattern: "^([Ss]uccess|[Ss]ucceeded|[Ff]ailed)$" }),
  message: T.Optional(T.String()),
  errorCode: T.Optional(T.String({ maxLength: 100 })),
  startedAt: T.Optional(T.String()),
  finishedAt: T.Optional(T.String()),
  attempt: T.Optional(T.Integer({ minimum: 0 })),
  /** Ours: what a reading command read. */
  data: T.Optional(T.Unknown()),
  /** Ours: how it can be taken back; absent where it cannot. */
  undo: T.Optional(UndoCommand),
  /** Ours: whether what was wanted came true. */
  verified: T.Optional(
    T.Union([T.Literal("yes"), T.Literal("no"), T.Literal("superseded"), T.Literal("none")]),
  ),
});

export const AckRequest = T.Object({
  clusterID: ClusterID,
  results: T.Array(AckResult, { maxItems: 1000 }),
});

/** One of several things that a command works through, such as a pod that is drained. */
export const ProgressItem = T.Object({
  name: T.String({ maxLength: 600 }),
  state: T.Union([T.Literal("waiting"), T.Literal("working"), T.Literal("done"), T.Literal("failed")]),
  message: T.Optional(T.String({ maxLength: 1000 })),
});

export const Progress = T.Object({
  commandID: Id,
  ts_ms: T.Integer({ minimum: 0 }),
  message: T.Optional(T.String({ maxLength: 2000 })),
  done: T.Optional(T.Integer({ minimum: 0 })),
  total: T.Optional(T.Integer({ minimum: 0 })),
  items: T.Optional(T.Array(ProgressItem, { maxItems: 1000 })),
  /**
   * What was there: answered 2xx once it is stored; 409 where another agent's is stored already, which this one
   * was not handed; 404 where the command has ended.
   */
  before: T.Optional(T.Unknown()),
  /**
   * What was stored before, as the agent was handed it or has told it: the object has changed since, or it asks
   * whether the command is still its own. Nothing was done so far.
   */
  replaces: T.Optional(T.Unknown()),
});

/** Ours: `POST /control/progress`. */
export const ProgressRequest = T.Object({
  clusterID: ClusterID,
  run: T.Optional(T.String({ maxLength: 100 })),
  progress: T.Array(Progress, { maxItems: 100 }),
});

export const EnqueueRequest = T.Object({
  /** The cluster: its identity, the master's id for it, or its name. */
  clusterID: ClusterID,
  command: T.Object({
    /** Given only with `update` and `cancel`, which name the command they are about. */
    id: T.Optional(Id),
    type: T.Optional(T.String({ maxLength: 100 })),
    target: T.Optional(Target),
    args: T.Optional(T.Union([Args, T.Null()])),
    idem: T.Optional(T.String({ minLength: 1, maxLength: 200 })),
    op: T.Optional(T.Union([T.Literal("add"), T.Literal("update"), T.Literal("cancel")])),
    /** How long it may wait to be fetched, 1 s to 1 day; 5 minutes by default. */
    deadlineSeconds: T.Optional(T.Number({ minimum: 1, maximum: 86_400 })),
  }),
});

export type WatchRequest = Static<typeof WatchRequest>;
export type Command = Static<typeof Command>;
export type CommandSet = Static<typeof CommandSet>;
export type UndoCommand = Static<typeof UndoCommand>;
export type AckResult = Static<typeof AckResult>;
export type AckRequest = Static<typeof AckRequest>;
export type ProgressItem = Static<typeof ProgressItem>;
export type Progress = Static<typeof Progress>;
export type ProgressRequest = Static<typeof ProgressRequest>;
export type EnqueueRequest = Static<typeof EnqueueRequest>;
