import { type Static, Type as T } from "@sinclair/typebox";
import { Condition, Labels, Maybe, Name } from "./common.ts";

const Amounts = T.Object({
  cpu: T.Optional(T.String()),
  memory: T.Optional(T.String()),
  pods: T.Optional(T.String()),
  ephemeralStorage: T.Optional(T.String()),
  scalarResources: T.Optional(T.Unknown()),
});

export const Node = T.Object({
  summary: T.Object({
    name: Name,
    roles: Maybe(T.Array(T.String())),
    /** `True`, `False` or `Unknown`, as the Ready condition has it. */
    ready: T.Optional(T.Union([T.String(), T.Boolean()])),
    schedulable: T.Optional(T.Boolean()),
    creationTime: T.Optional(T.String()),
    badges: Maybe(T.Array(T.String())),
    reason: T.Optional(T.String()),
    message: T.Optional(T.String()),
    uid: T.Optional(T.String()),
  }),
  spec: Maybe(
    T.Object({
      podCIDRs: Maybe(T.Array(T.String())),
      providerID: T.Optional(T.String()),
      unschedulable: T.Optional(T.Boolean()),
    }),
  ),
  capacity: Maybe(Amounts),
  allocatable: Maybe(Amounts),
  addresses: Maybe(
    T.Object({
      hostname: T.Optional(T.String()),
      internalIP: T.Optional(T.String()),
      externalIP: T.Optional(T.String()),
      all: Maybe(T.Array(T.Unknown())),
    }),
  ),
  info: Maybe(
    T.Object({
      osImage: T.Optional(T.String()),
      operatingSystem: T.Optional(T.String()),
      architecture: T.Optional(T.String()),
      kernelVersion: T.Optional(T.String()),
      containerRuntimeVersion: T.Optional(T.String()),
      kubeletVersion: T.Optional(T.String()),
      kubeProxyVersion: T.Optional(T.String()),
    }),
  ),
  conditions: Maybe(T.Array(Condition)),
  taints: Maybe(
    T.Array(T.Object({ key: T.String(), value: T.Optional(T.String()), effect: T.Optional(T.String()) })),
  ),
  labels: Maybe(Labels),
  metrics: T.Optional(T.Unknown()),
});

export type Node = Static<typeof Node>;
