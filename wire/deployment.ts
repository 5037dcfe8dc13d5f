import { type Static, Type as T } from "@sinclair/typebox";
import { Condition, Container, Labels, Maybe, Name, Selector, Volume } from "./common.ts";

/** The pod template of a workload. */
export const Template = T.Object({
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
  containers: Maybe(T.Array(Container)),
  volumes: Maybe(T.Array(Volume)),
  serviceAccountName: T.Optional(T.String()),
  nodeSelector: Maybe(Labels),
});

export const ReplicaSetOfDeployment = T.Object({
  name: T.String(),
  namespace: T.Optional(T.String()),
  revision: T.Optional(T.String()),
  replicas: T.Optional(T.Number()),
  ready: T.Optional(T.Number()),
  available: T.Optional(T.Number()),
  createdAt: T.Optional(T.String()),
  /** Ours: `container=image` of its template, so that revisions can be told apart. */
  images: Maybe(T.Array(T.String())),
});

export const Deployment = T.Object({
  summary: T.Object({
    name: Name,
    namespace: T.String(),
    uid: T.Optional(T.String()),
    strategy: T.Optional(T.String()),
    replicas: T.Optional(T.Number()),
    updated: T.Optional(T.Number()),
    ready: T.Optional(T.Number()),
    available: T.Optional(T.Number()),
    unavailable: T.Optional(T.Number()),
    paused: T.Optional(T.Boolean()),
    createdAt: T.Optional(T.String()),
    /** In one line, as `kubectl -l` takes it. */
    selector: T.Optional(T.String()),
  }),
  spec: Maybe(
    T.Object({
      replicas: Maybe(T.Number()),
      selector: Maybe(Selector),
      strategy: T.Optional(T.Unknown()),
      minReadySeconds: T.Optional(T.Number()),
      revisionHistoryLimit: Maybe(T.Number()),
      progressDeadlineSeconds: Maybe(T.Number()),
    }),
  ),
  template: Maybe(Template),
  status: Maybe(
    T.Object({
      observedGeneration: T.Optional(T.Number()),
      replicas: T.Optional(T.Number()),
      updatedReplicas: T.Optional(T.Number()),
      readyReplicas: T.Optional(T.Number()),
      availableReplicas: T.Optional(T.Number()),
      unavailableReplicas: T.Optional(T.Number()),
      conditions: Maybe(T.Array(Condition)),
    }),
  ),
  rollout: Maybe(
    T.Object({
      /** `Complete`, `Progressing`, `Stuck`, `Paused` or `Degraded`, and why. */
      phase: T.Optional(T.String()),
      message: T.Optional(T.String()),
      badges: Maybe(T.Array(T.String())),
    }),
  ),
  replicaSets: Maybe(T.Array(ReplicaSetOfDeployment)),
  annotations: Maybe(Labels),
  labels: Maybe(Labels),
});

export type Deployment = Static<typeof Deployment>;
export type Template = Static<typeof Template>;
export type ReplicaSetOfDeployment = Static<typeof ReplicaSetOfDeployment>;
