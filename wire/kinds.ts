import { ConfigMap } from "./configmap.ts";
import { Deployment } from "./deployment.ts";
import { Ingress } from "./ingress.ts";
import { Namespace } from "./namespace.ts";
import { Node } from "./node.ts";
import { Pod } from "./pod.ts";
import { Service } from "./service.ts";
import {
  CronJob,
  DaemonSet,
  HorizontalPodAutoscaler,
  Job,
  PersistentVolumeClaim,
  ReplicaSet,
  StatefulSet,
} from "./workloads.ts";

/**
 * The kinds of Kubernetes objects that travel as lists. From a kind's key follow its source
 * (`pod_list_snapshot`), its route (`/ingest/podlist`) and, from `field`, its payload (`{"pods": […]}`).
 */
export const kinds = {
  pod: { kind: "Pod", field: "pods", namespaced: true, schema: Pod },
  node: { kind: "Node", field: "nodes", namespaced: false, schema: Node },
  service: { kind: "Service", field: "services", namespaced: true, schema: Service },
  namespace: { kind: "Namespace", field: "namespaces", namespaced: false, schema: Namespace },
  ingress: { kind: "Ingress", field: "ingresses", namespaced: true, schema: Ingress },
  deployment: { kind: "Deployment", field: "deployments", namespaced: true, schema: Deployment },
  configmap: { kind: "ConfigMap", field: "configmaps", namespaced: true, schema: ConfigMap },
  statefulset: { kind: "StatefulSet", field: "statefulsets", namespaced: true, schema: StatefulSet },
  daemonset: { kind: "DaemonSet", field: "daemonsets", namespaced: true, schema: DaemonSet },
  replicaset: { kind: "ReplicaSet", field: "replicasets", namespaced: true, schema: ReplicaSet },
  job: { kind: "Job", field: "jobs", namespaced: true, schema: Job },
  cronjob: { kind: "CronJob", field: "cronjobs", namespaced: true, schema: CronJob },
  persistentvolumeclaim: {
    kind: "PersistentVolumeClaim",
    field: "persistentvolumeclaims",
    namespaced: true,
    schema: PersistentVolumeClaim,
  },
  horizontalpodautoscaler: {
    kind: "HorizontalPodAutoscaler",
    field: "horizontalpodautoscalers",
    namespaced: true,
    schema: HorizontalPodAutoscaler,
  },
} as const;

export type KindKey = keyof typeof kinds;
export type ItemOf = {
  pod: Pod;
  node: Node;
  service: Service;
  namespace: Namespace;
  ingress: Ingress;
  deployment: Deployment;
  configmap: ConfigMap;
  statefulset: StatefulSet;
  daemonset: DaemonSet;
  replicaset: ReplicaSet;
  job: Job;
  cronjob: CronJob;
  persistentvolumeclaim: PersistentVolumeClaim;
  horizontalpodautoscaler: HorizontalPodAutoscaler;
};
export type AnyItem = ItemOf[KindKey];

export const kindKeys = Object.keys(kinds) as KindKey[];

export const sourceOf = (key: KindKey): `${KindKey}_list_snapshot` => `${key}_list_snapshot`;
export const routeOf = (key: KindKey): string => `/ingest/${key}list`;

/** What names an item within its cluster and kind: `namespace/name`, or `name` where the kind has no namespace. */
export function keyOf(item: { summary: { name: string; namespace?: string } }): string {
  const { name, namespace } = item.summary;
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}
