import { type Static, Type as T } from "@sinclair/typebox";
import { Condition, Labels, Maybe, Name, ObjectReference, Selector } from "./common.ts";
import { Template } from "./deployment.ts";

/** The kinds AtlHyper 1.x does not send. They follow the Deployment's pattern. */

const Head = {
  name: Name,
  namespace: T.String(),
  uid: T.Optional(T.String()),
  createdAt: T.Optional(T.String()),
};

const Rollout = Maybe(T.Object({ phase: T.Optional(T.String()), message: T.Optional(T.String()) }));

/** Revisions by ControllerRevision name are not read; the two names say which revision runs and which is meant. */
export const StatefulSet = T.Object({
  summary: T.Object({
    ...Head,
    replicas: T.Optional(T.Number()),
    ready: T.Optional(T.Number()),
    updated: T.Optional(T.Number()),
    available: T.Optional(T.Number()),
    serviceName: T.Optional(T.String()),
    strategy: T.Optional(T.String()),
    selector: T.Optional(T.String()),
  }),
  spec: Maybe(
    T.Object({
      selector: Maybe(Selector),
      podManagementPolicy: T.Optional(T.String()),
      partition: T.Optional(T.Number()),
      claimTemplates: Maybe(T.Array(T.String())),
    }),
  ),
  template: Maybe(Template),
  status: Maybe(
    T.Object({
      currentRevision: T.Optional(T.String()),
      updateRevision: T.Optional(T.String()),
      conditions: Maybe(T.Array(Condition)),
    }),
  ),
  rollout: Rollout,
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export const DaemonSet = T.Object({
  summary: T.Object({
    ...Head,
    desired: T.Optional(T.Number()),
    current: T.Optional(T.Number()),
    ready: T.Optional(T.Number()),
    updated: T.Optional(T.Number()),
    available: T.Optional(T.Number()),
    unavailable: T.Optional(T.Number()),
    misscheduled: T.Optional(T.Number()),
    strategy: T.Optional(T.String()),
    selector: T.Optional(T.String()),
  }),
  spec: Maybe(T.Object({ selector: Maybe(Selector) })),
  template: Maybe(Template),
  status: Maybe(T.Object({ conditions: Maybe(T.Array(Condition)) })),
  rollout: Rollout,
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

/** Only those that no Deployment owns: a Deployment carries its own. */
export const ReplicaSet = T.Object({
  summary: T.Object({
    ...Head,
    replicas: T.Optional(T.Number()),
    ready: T.Optional(T.Number()),
    available: T.Optional(T.Number()),
    controlledBy: Maybe(ObjectReference),
    selector: T.Optional(T.String()),
  }),
  spec: Maybe(T.Object({ selector: Maybe(Selector) })),
  template: Maybe(Template),
  rollout: Rollout,
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export const Job = T.Object({
  summary: T.Object({
    ...Head,
    controlledBy: Maybe(ObjectReference),
    /** `Complete`, `Failed`, `Suspended` or `Running`. */
    state: T.Optional(T.String()),
    completions: T.Optional(T.Number()),
    parallelism: T.Optional(T.Number()),
    active: T.Optional(T.Number()),
    succeeded: T.Optional(T.Number()),
    failed: T.Optional(T.Number()),
    backoffLimit: T.Optional(T.Number()),
    startTime: T.Optional(T.String()),
    completionTime: T.Optional(T.String()),
    reason: T.Optional(T.String()),
    message: T.Optional(T.String()),
    selector: T.Optional(T.String()),
  }),
  template: Maybe(Template),
  status: Maybe(T.Object({ conditions: Maybe(T.Array(Condition)) })),
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export const CronJob = T.Object({
  summary: T.Object({
    ...Head,
    schedule: T.Optional(T.String()),
    timeZone: T.Optional(T.String()),
    suspended: T.Optional(T.Boolean()),
    concurrencyPolicy: T.Optional(T.String()),
    active: T.Optional(T.Number()),
    lastScheduleTime: T.Optional(T.String()),
    lastSuccessfulTime: T.Optional(T.String()),
  }),
  template: Maybe(Template),
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export const PersistentVolumeClaim = T.Object({
  summary: T.Object({
    ...Head,
    phase: T.Optional(T.String()),
    storageClass: T.Optional(T.String()),
    volumeName: T.Optional(T.String()),
    accessModes: Maybe(T.Array(T.String())),
    requested: T.Optional(T.String()),
    capacity: T.Optional(T.String()),
    volumeMode: T.Optional(T.String()),
  }),
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export const HorizontalPodAutoscaler = T.Object({
  summary: T.Object({
    ...Head,
    target: Maybe(ObjectReference),
    minReplicas: T.Optional(T.Number()),
    maxReplicas: T.Optional(T.Number()),
    currentReplicas: T.Optional(T.Number()),
    desiredReplicas: T.Optional(T.Number()),
    lastScaleTime: T.Optional(T.String()),
    /** In one line each, as `kubectl get hpa` has them: `cpu: 43%/80%`. */
    metrics: Maybe(T.Array(T.String())),
  }),
  status: Maybe(T.Object({ conditions: Maybe(T.Array(Condition)) })),
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
});

export type StatefulSet = Static<typeof StatefulSet>;
export type DaemonSet = Static<typeof DaemonSet>;
export type ReplicaSet = Static<typeof ReplicaSet>;
export type Job = Static<typeof Job>;
export type CronJob = Static<typeof CronJob>;
export type PersistentVolumeClaim = Static<typeof PersistentVolumeClaim>;
export type HorizontalPodAutoscaler = Static<typeof HorizontalPodAutoscaler>;
