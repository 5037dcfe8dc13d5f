import type * as k8s from "@kubernetes/client-node";

/** An API type as it is in JSON: times are RFC 3339 strings, everything else stays. */
export type Json<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? Json<U>[]
    : T extends object
      ? { [K in keyof T]: Json<T[K]> }
      : T;

type Named<T> = Json<T> & { metadata: { name: string } };

/** The objects the agent reads. A real API server always gives `metadata.name`; most else may be absent. */
export type PodObject = Named<k8s.V1Pod>;
export type NodeObject = Named<k8s.V1Node>;
export type DeploymentObject = Named<k8s.V1Deployment>;
export type ReplicaSetObject = Named<k8s.V1ReplicaSet>;
export type StatefulSetObject = Named<k8s.V1StatefulSet>;
export type DaemonSetObject = Named<k8s.V1DaemonSet>;
export type JobObject = Named<k8s.V1Job>;
export type CronJobObject = Named<k8s.V1CronJob>;
export type ServiceObject = Named<k8s.V1Service>;
export type EndpointSliceObject = Named<k8s.V1EndpointSlice>;
export type NamespaceObject = Named<k8s.V1Namespace>;
export type ResourceQuotaObject = Named<k8s.V1ResourceQuota>;
export type LimitRangeObject = Named<k8s.V1LimitRange>;
export type IngressObject = Named<k8s.V1Ingress>;
export type IngressClassObject = Named<k8s.V1IngressClass>;
export type ConfigMapObject = Named<k8s.V1ConfigMap>;
export type ClaimObject = Named<k8s.V1PersistentVolumeClaim>;
export type AutoscalerObject = Named<k8s.V2HorizontalPodAutoscaler>;

export type ContainerSpec = Json<k8s.V1Container>;
export type ContainerStatus = Json<k8s.V1ContainerStatus>;
export type ContainerTerminated = Json<k8s.V1ContainerStateTerminated>;
export type ProbeSpec = Json<k8s.V1Probe>;
export type VolumeSpec = Json<k8s.V1Volume>;
export type EnvVar = Json<k8s.V1EnvVar>;
export type TemplateSpec = Json<k8s.V1PodTemplateSpec>;
export type OwnerReference = Json<k8s.V1OwnerReference>;
export type LabelSelector = Json<k8s.V1LabelSelector>;

/** What the conditions of all kinds have in common. */
export interface ConditionObject {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  lastHeartbeatTime?: string;
}
