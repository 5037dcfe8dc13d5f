/**
 * The kinds of Kubernetes objects that travel as lists, by name alone: who only sends them (the agent, whose
 * memory is bounded) needs no schema. From a kind's key follow its source (`pod_list_snapshot`), its route
 * (`/ingest/podlist`) and, from `field`, its payload (`{"pods": […]}`).
 */
export const kindNames = {
  pod: { kind: "Pod", field: "pods", namespaced: true },
  node: { kind: "Node", field: "nodes", namespaced: false },
  service: { kind: "Service", field: "services", namespaced: true },
  namespace: { kind: "Namespace", field: "namespaces", namespaced: false },
  ingress: { kind: "Ingress", field: "ingresses", namespaced: true },
  deployment: { kind: "Deployment", field: "deployments", namespaced: true },
  configmap: { kind: "ConfigMap", field: "configmaps", namespaced: true },
  statefulset: { kind: "StatefulSet", field: "statefulsets", namespaced: true },
  daemonset: { kind: "DaemonSet", field: "daemonsets", namespaced: true },
  replicaset: { kind: "ReplicaSet", field: "replicasets", namespaced: true },
  job: { kind: "Job", field: "jobs", namespaced: true },
  cronjob: { kind: "CronJob", field: "cronjobs", namespaced: true },
  persistentvolumeclaim: {
    kind: "PersistentVolumeClaim",
    field: "persistentvolumeclaims",
    namespaced: true,
  },
  horizontalpodautoscaler: {
    kind: "HorizontalPodAutoscaler",
    field: "horizontalpodautoscalers",
    namespaced: true,
  },
} as const;

/** The API version in which the agent reads each kind. */
export const apiVersions: Readonly<Record<KindKey, string>> = {
  pod: "v1",
  node: "v1",
  service: "v1",
  namespace: "v1",
  ingress: "networking.k8s.io/v1",
  deployment: "apps/v1",
  configmap: "v1",
  statefulset: "apps/v1",
  daemonset: "apps/v1",
  replicaset: "apps/v1",
  job: "batch/v1",
  cronjob: "batch/v1",
  persistentvolumeclaim: "v1",
  horizontalpodautoscaler: "autoscaling/v2",
};

export type KindKey = keyof typeof kindNames;
export const kindKeys = Object.keys(kindNames) as KindKey[];

export const sourceOf = (key: KindKey): `${KindKey}_list_snapshot` => `${key}_list_snapshot`;
export const routeOf = (key: KindKey): string => `/ingest/${key}list`;

/** What names an item within its cluster and kind: `namespace/name`, or `name` where the kind has no namespace. */
export function keyOf(item: { summary: { name: string; namespace?: string } }): string {
  const { name, namespace } = item.summary;
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}
