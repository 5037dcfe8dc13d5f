/** A kind that the simulated API serves. */
export interface Kind {
  group: string;
  version: string;
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  /** Has a status that only `/status` writes, and a generation that grows with its spec. */
  status: boolean;
  scale: boolean;
  /** Where it is kept, if not under its own name: both Event APIs show the same objects. */
  storage: string;
}

function kind(
  apiVersion: string,
  name: string,
  plural: string,
  more: { namespaced?: false; short?: string[]; status?: false; scale?: true; storage?: string } = {},
): Kind {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  return {
    group,
    version: apiVersion.slice(slash + 1),
    plural,
    singular: name.toLowerCase(),
    kind: name,
    namespaced: more.namespaced ?? true,
    shortNames: more.short ?? [],
    status: more.status ?? true,
    scale: more.scale ?? false,
    storage: more.storage ?? (group === "" ? plural : `${plural}.${group}`),
  };
}

export const kinds = {
  namespaces: kind("v1", "Namespace", "namespaces", { namespaced: false, short: ["ns"] }),
  nodes: kind("v1", "Node", "nodes", { namespaced: false, short: ["no"] }),
  pods: kind("v1", "Pod", "pods", { short: ["po"] }),
  services: kind("v1", "Service", "services", { short: ["svc"] }),
  configmaps: kind("v1", "ConfigMap", "configmaps", { short: ["cm"], status: false }),
  secrets: kind("v1", "Secret", "secrets", { status: false }),
  persistentvolumeclaims: kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims", { short: ["pvc"] }),
  serviceaccounts: kind("v1", "ServiceAccount", "serviceaccounts", { short: ["sa"], status: false }),
  resourcequotas: kind("v1", "ResourceQuota", "resourcequotas", { short: ["quota"] }),
  limitranges: kind("v1", "LimitRange", "limitranges", { short: ["limits"], status: false }),
  events: kind("v1", "Event", "events", { short: ["ev"], status: false }),
  eventsV1: kind("events.k8s.io/v1", "Event", "events", { short: ["ev"], status: false, storage: "events" }),
  deployments: kind("apps/v1", "Deployment", "deployments", { short: ["deploy"], scale: true }),
  replicasets: kind("apps/v1", "ReplicaSet", "replicasets", { short: ["rs"], scale: true }),
  statefulsets: kind("apps/v1", "StatefulSet", "statefulsets", { short: ["sts"], scale: true }),
  daemonsets: kind("apps/v1", "DaemonSet", "daemonsets", { short: ["ds"] }),
  controllerrevisions: kind("apps/v1", "ControllerRevision", "controllerrevisions", { status: false }),
  jobs: kind("batch/v1", "Job", "jobs"),
  cronjobs: kind("batch/v1", "CronJob", "cronjobs", { short: ["cj"] }),
  horizontalpodautoscalers: kind("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", {
    short: ["hpa"],
  }),
  endpointslices: kind("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", { status: false }),
  ingresses: kind("networking.k8s.io/v1", "Ingress", "ingresses", { short: ["ing"] }),
  ingressclasses: kind("networking.k8s.io/v1", "IngressClass", "ingressclasses", {
    namespaced: false,
    status: false,
  }),
  networkpolicies: kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", {
    short: ["netpol"],
    status: false,
  }),
  poddisruptionbudgets: kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", { short: ["pdb"] }),
  leases: kind("coordination.k8s.io/v1", "Lease", "leases", { status: false }),
} as const satisfies Record<string, Kind>;

export const allKinds: Kind[] = Object.values(kinds);

export function apiVersionOf(kind: Kind): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}

/** `pods`, or `deployments.apps`: how error messages name a kind. */
export function qualified(kind: Kind): string {
  return kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`;
}

export function findKind(group: string, version: string, plural: string): Kind | undefined {
  return allKinds.find((one) => one.group === group && one.version === version && one.plural === plural);
}
