import { type Static, Type as T } from "@sinclair/typebox";

/** Shapes that several messages share. Times on the wire are RFC 3339 unless the name ends in `_ms`. */

export const Name = T.String({ minLength: 1, maxLength: 253 });
export const Labels = T.Record(T.String(), T.String());
/** Kubernetes quantities as Kubernetes writes them: `250m`, `64Mi`. */
export const Quantities = T.Record(T.String(), T.String());
/** AtlHyper 1.x writes `null` where a list or map is empty. */
export const Maybe = <S extends Parameters<typeof T.Optional>[0]>(schema: S) =>
  T.Optional(T.Union([schema, T.Null()]));

export const ObjectReference = T.Object({
  kind: T.Optional(T.String()),
  name: T.Optional(T.String()),
  namespace: T.Optional(T.String()),
});

export const Condition = T.Object({
  type: T.String(),
  status: T.String(),
  reason: T.Optional(T.String()),
  message: T.Optional(T.String()),
  lastHeartbeatTime: T.Optional(T.String()),
  lastUpdateTime: T.Optional(T.String()),
  lastTransitionTime: T.Optional(T.String()),
});

export const Requirement = T.Object({
  key: T.String(),
  operator: T.String(),
  values: Maybe(T.Array(T.String())),
});

export const Selector = T.Object({
  matchLabels: Maybe(Labels),
  matchExpressions: Maybe(T.Array(Requirement)),
});

export const Toleration = T.Object({
  key: T.Optional(T.String()),
  operator: T.Optional(T.String()),
  value: T.Optional(T.String()),
  effect: T.Optional(T.String()),
  tolerationSeconds: T.Optional(T.Number()),
});

export const Volume = T.Object({
  name: T.String(),
  type: T.Optional(T.String()),
  /** What it comes from in one line: the claim, ConfigMap or Secret by name, the host's path. */
  source: T.Optional(T.Unknown()),
});

export const Container = T.Object({
  name: T.String(),
  image: T.Optional(T.String()),
  imagePullPolicy: T.Optional(T.String()),
  /** `init` and `sidecar` containers are marked; absent for the others. */
  role: T.Optional(T.String()),
  ports: Maybe(
    T.Array(
      T.Object({
        name: T.Optional(T.String()),
        containerPort: T.Optional(T.Number()),
        protocol: T.Optional(T.String()),
        hostPort: T.Optional(T.Number()),
      }),
    ),
  ),
  /** Values never travel: they may hold secrets. `source` says where one comes from (`secret db-password`). */
  env: Maybe(T.Array(T.Object({ name: T.String(), source: T.Optional(T.String()) }))),
  volumeMounts: Maybe(
    T.Array(
      T.Object({
        name: T.Optional(T.String()),
        mountPath: T.Optional(T.String()),
        readOnly: T.Optional(T.Boolean()),
        subPath: T.Optional(T.String()),
      }),
    ),
  ),
  resources: Maybe(T.Object({ requests: Maybe(Quantities), limits: Maybe(Quantities) })),
  /** `liveness`, `readiness`, `startup` → the probe in one line, such as `http :8080/healthz every 10s`. */
  probes: T.Optional(T.Unknown()),
  securityContext: T.Optional(T.Unknown()),
  status: Maybe(
    T.Object({
      /** `running`, `waiting`, `terminated`, or as AtlHyper 1.x words it. */
      state: T.Optional(T.String()),
      reason: T.Optional(T.String()),
      message: T.Optional(T.String()),
      ready: T.Optional(T.Boolean()),
      started: T.Optional(T.Boolean()),
      restartCount: T.Optional(T.Number()),
      exitCode: T.Optional(T.Number()),
      startedAt: T.Optional(T.String()),
      finishedAt: T.Optional(T.String()),
      lastTerminatedReason: T.Optional(T.String()),
      lastTerminatedExitCode: T.Optional(T.Number()),
      lastTerminatedAt: T.Optional(T.String()),
      containerID: T.Optional(T.String()),
    }),
  ),
});

export type Condition = Static<typeof Condition>;
export type Container = Static<typeof Container>;
export type Volume = Static<typeof Volume>;
export type Selector = Static<typeof Selector>;
export type Requirement = Static<typeof Requirement>;
export type Toleration = Static<typeof Toleration>;
export type ObjectReference = Static<typeof ObjectReference>;
