/** A kind of the API as its paths name it; the core group is the empty string. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  namespaced: boolean;
  kind: string;
}

const one = (
  group: string,
  version: string,
  plural: string,
  kind: string,
  namespaced: boolean,
): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced,
});

/** Every kind the agent reads or acts on. */
export const resources = {
  namespaces: one("", "v1", "namespaces", "Namespace", false),
  nodes: one("", "v1", "nodes", "Node", false),
  pods: one("", "v1", "pods", "Pod", true),
  services: one("", "v1", "services", "Service", true),
  configmaps: one("", "v1", "configmaps", "ConfigMap", true),
  persistentvolumeclaims: one("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true),
  /** Read where that was granted and asked for alone, see cluster/certificates.ts. */
  secrets: one("", "v1", "secrets", "Secret", true),
  serviceaccounts: one("", "v1", "serviceaccounts", "ServiceAccount", true),
  resourcequotas: one("", "v1", "resourcequotas", "ResourceQuota", true),
  limitranges: one("", "v1", "limitranges", "LimitRange", true),
  /** core/v1 Events: what every component still writes; the API server shows the same objects under both groups. */
  events: one("", "v1", "events", "Event", true),
  eventsV1: one("events.k8s.io", "v1", "events", "Event", true),
  deployments: one("apps", "v1", "deployments", "Deployment", true),
  replicasets: one("apps", "v1", "replicasets", "ReplicaSet", true),
  statefulsets: one("apps", "v1", "statefulsets", "StatefulSet", true),
  daemonsets: one("apps", "v1", "daemonsets", "DaemonSet", true),
  controllerrevisions: one("apps", "v1", "controllerrevisions", "ControllerRevision", true),
  jobs: one("batch", "v1", "jobs", "Job", true),
  cronjobs: one("batch", "v1", "cronjobs", "CronJob", true),
  horizontalpodautoscalers: one(
    "autoscaling",
    "v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    true,
  ),
  endpointslices: one("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
  ingresses: one("networking.k8s.io", "v1", "ingresses", "Ingress", true),
  ingressclasses: one("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false),
  networkpolicies: one("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true),
  poddisruptionbudgets: one("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
  leases: one("coordination.k8s.io", "v1", "leases", "Lease", true),
} as const satisfies Record<string, Resource>;

/** The path of a list (no name), an object, or an object's subresource. */
export function resourcePath(
  resource: Resource,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  let path =
    resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (resource.namespaced && namespace) path += `/namespaces/${encodeURIComponent(namespace)}`;
  path += `/${resource.plural}`;
  if (name !== undefined) path += `/${encodeURIComponent(name)}`;
  if (subresource !== undefined) path += `/${subresource}`;
  return path;
}
