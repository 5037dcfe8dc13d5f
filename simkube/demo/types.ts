import type { Fields, Meta, Owner, Stored } from "../object.ts";

/** The parts of objects that the demo's controllers read and write; the store keeps them as plain JSON. */
export interface Container {
  name: string;
  image: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  [field: string]: unknown;
}

export interface PodSpec {
  containers: Container[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  restartPolicy?: string;
  tolerations?: { key?: string; operator?: string; effect?: string }[];
  volumes?: { name: string; persistentVolumeClaim?: { claimName: string } }[];
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  [field: string]: unknown;
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: {
    exitCode: number;
    reason: string;
    startedAt: string;
    finishedAt: string;
    containerID?: string;
  };
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
}

export interface PodStatus {
  phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  hostIP?: string;
  podIP?: string;
  startTime?: string;
  reason?: string;
  message?: string;
  qosClass?: string;
}

export interface Template {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

interface Typed<S, T> {
  apiVersion: string;
  kind: string;
  metadata: Meta;
  spec: S;
  status: T;
}
type Selector = { matchLabels: Record<string, string> };

export type Pod = Typed<PodSpec, PodStatus>;
export type Workload = Typed<
  {
    replicas: number;
    selector: Selector;
    template: Template;
    paused?: boolean;
    serviceName?: string;
    minReadySeconds?: number;
    progressDeadlineSeconds?: number;
    revisionHistoryLimit?: number;
    strategy?: {
      type: string;
      rollingUpdate?: { maxSurge: string | number; maxUnavailable: string | number };
    };
    volumeClaimTemplates?: { metadata: { name: string }; spec: Fields }[];
  },
  Record<string, unknown> & { conditions?: Condition[] }
>;
export type NodeObject = Typed<
  { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[]; podCIDR?: string },
  {
    conditions: Condition[];
    allocatable: Record<string, string>;
    addresses: { type: string; address: string }[];
  }
>;
export type Job = Typed<
  { template: Template; backoffLimit: number; completions: number; parallelism: number; suspend?: boolean },
  {
    active?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  }
>;

export const as = <T>(object: Stored): T => object as unknown as T;

export function controllerOf(meta: Meta): Owner | undefined {
  return meta.ownerReferences?.find((owner) => owner.controller);
}

export function ownerReference(owner: { apiVersion: string; kind: string; metadata: Meta }): Owner {
  const { name, uid } = owner.metadata;
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
