import { type Static, Type as T } from "@sinclair/typebox";
import { Condition, Container, Labels, Maybe, Name, ObjectReference, Toleration, Volume } from "./common.ts";

/** What a pod or workload uses: CPU in cores, memory in bytes; limits absent where none is set. */
export const Usage = T.Object({
  cpu: T.Optional(
    T.Object({ usage: T.Number(), limit: T.Optional(T.Number()), utilPct: T.Optional(T.Number()) }),
  ),
  memory: T.Optional(
    T.Object({ usage: T.Number(), limit: T.Optional(T.Number()), utilPct: T.Optional(T.Number()) }),
  ),
});

export const Pod = T.Object({
  summary: T.Object({
    name: Name,
    namespace: T.String(),
    /** Ours: what usage by cgroup is joined on. */
    uid: T.Optional(T.String()),
    /** Ours: how the kubelet names the pod's cgroup, where that is not the uid: static pods (`kubernetes.io/config.hash`). */
    cgroupUID: T.Optional(T.String()),
    controlledBy: Maybe(ObjectReference),
    /** Ours: the chain of owners, nearest first (ReplicaSet, Deployment). */
    owners: Maybe(T.Array(ObjectReference)),
    phase: T.Optional(T.String()),
    ready: T.Optional(T.String()),
    restarts: T.Optional(T.Number()),
    startTime: T.Optional(T.String()),
    createdAt: T.Optional(T.String()),
    deletedAt: T.Optional(T.String()),
    node: T.Optional(T.String()),
    podIP: T.Optional(T.String()),
    qosClass: T.Optional(T.String()),
    /** As `kubectl get pods` shows the state: `CrashLoopBackOff`, `Init:0/1`, `Terminating`, `Running`. */
    reason: T.Optional(T.String()),
    message: T.Optional(T.String()),
    badges: Maybe(T.Array(T.String())),
  }),
  spec: Maybe(
    T.Object({
      restartPolicy: T.Optional(T.String()),
      priorityClassName: T.Optional(T.String()),
      schedulerName: T.Optional(T.String()),
      nodeSelector: Maybe(Labels),
      tolerations: Maybe(T.Array(Toleration)),
      affinity: T.Optional(T.Unknown()),
      terminationGracePeriodSeconds: Maybe(T.Number()),
    }),
  ),
  containers: Maybe(T.Array(Container)),
  volumes: Maybe(T.Array(Volume)),
  network: Maybe(
    T.Object({
      podIP: T.Optional(T.String()),
      podIPs: Maybe(T.Array(T.String())),
      hostIP: T.Optional(T.String()),
      hostNetwork: T.Optional(T.Boolean()),
      dnsPolicy: T.Optional(T.String()),
      serviceAccountName: T.Optional(T.String()),
    }),
  ),
  conditions: Maybe(T.Array(Condition)),
  labels: Maybe(Labels),
  annotations: Maybe(Labels),
  /** AtlHyper 1.x agents send it; ours leave usage to the nodes' metrics. */
  metrics: T.Optional(T.Unknown()),
});

export type Pod = Static<typeof Pod>;
export type Usage = Static<typeof Usage>;
