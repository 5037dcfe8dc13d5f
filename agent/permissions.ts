import { type Resource, resources } from "./kube/resource.ts";

export interface Permission {
  group: string;
  resource: string;
  verbs: string[];
  /** What it is for, and what is missing without it. */
  purpose: string;
}

const reading = (resource: Resource, purpose: string, verbs = ["list", "watch"]): Permission => ({
  group: resource.group,
  resource: resource.plural,
  verbs,
  purpose,
});

/**
 * Everything the agent asks the API server for, and nothing else: the ClusterRole in the manifests has exactly
 * these rules. Secrets are not among them, see `certificatePermissions`.
 */
export const permissions: readonly Permission[] = [
  reading(resources.namespaces, "the list of namespaces, and the cluster's identity (UID of kube-system)", [
    "get",
    "list",
    "watch",
  ]),
  reading(resources.nodes, "the list of nodes"),
  reading(resources.pods, "the list of pods"),
  reading(resources.services, "the list of services"),
  reading(resources.endpointslices, "which endpoints a service has"),
  reading(resources.configmaps, "names and sizes of ConfigMaps' keys; contents stay in the cluster"),
  reading(resources.persistentvolumeclaims, "the list of claims"),
  reading(resources.resourcequotas, "quotas of namespaces"),
  reading(resources.limitranges, "limit ranges of namespaces"),
  reading(resources.serviceaccounts, "their number in each namespace"),
  reading(resources.deployments, "the list of deployments"),
  reading(resources.replicasets, "revisions of deployments"),
  reading(resources.statefulsets, "the list of stateful sets"),
  reading(resources.daemonsets, "the list of daemon sets"),
  reading(resources.jobs, "the list of jobs"),
  reading(resources.cronjobs, "the list of cron jobs"),
  reading(resources.horizontalpodautoscalers, "the list of autoscalers"),
  reading(resources.ingresses, "the list of ingresses"),
  reading(resources.ingressclasses, "which controller serves an ingress"),
  reading(resources.networkpolicies, "their number in each namespace"),
  reading(resources.eventsV1, "Events"),
  reading(resources.events, "Events, on servers without events.k8s.io/v1"),
];

const acting = (resource: Resource, verbs: string[], purpose: string, subresource = ""): Permission => ({
  group: resource.group,
  resource: `${resource.plural}${subresource}`,
  verbs,
  purpose,
});

/** What the operations on pods, nodes and workloads need besides: the operator ClusterRole has exactly these. */
export const operatorPermissions: readonly Permission[] = [
  acting(resources.pods, ["get", "delete"], "PodRestart, PodDelete"),
  acting(resources.pods, ["create"], "PodEvict, NodeDrain: within what the budgets allow", "/eviction"),
  acting(resources.pods, ["get"], "PodGetLogs", "/log"),
  acting(resources.nodes, ["get", "patch"], "NodeCordon, NodeUncordon, NodeDrain"),
  acting(resources.deployments, ["get", "patch"], "scaling, images, rollouts"),
  acting(resources.statefulsets, ["get", "patch"], "scaling, images, rollouts"),
  acting(resources.daemonsets, ["get", "patch"], "images, rollouts"),
  acting(resources.replicasets, ["get", "patch"], "scaling those that no Deployment owns"),
  acting(resources.controllerrevisions, ["list"], "RolloutUndo of StatefulSets and DaemonSets"),
  acting(resources.cronjobs, ["get", "patch"], "CronJobTrigger, CronJobSuspend, UpdateImage"),
  acting(resources.jobs, ["get", "create", "delete"], "CronJobTrigger, JobRetry, and taking them back"),
  acting(resources.poddisruptionbudgets, ["list"], "which budget holds up a drain, before it begins"),
];

/** Terminals: a role of its own, since who may open one may do what the container may. */
export const execPermissions: readonly Permission[] = [
  acting(
    resources.pods,
    ["create", "get"],
    "PodExec; get is what the API server asks of a WebSocket",
    "/exec",
  ),
];

/**
 * When certificates expire: a role of its own, that nobody has who does not ask for it. RBAC cannot grant Secrets of
 * one type alone, so who has it could read all; the agent asks for those of type kubernetes.io/tls.
 */
export const certificatePermissions: readonly Permission[] = [
  reading(resources.secrets, "when certificates in Secrets expire (ATLHYPER_CERTIFICATES)"),
];

/**
 * A default for the page of all resources (ResourceGet, ResourceList, ResourceApply, ResourceDelete): every kind of
 * Kubernetes but Secrets to read, what people deploy to write. Rights themselves (RBAC) are read only: who may
 * write them may give themselves any other. An administrator adds the cluster's own kinds.
 */
export const resourcePermissions: readonly Permission[] = [
  ...["apps", "autoscaling", "batch", "networking.k8s.io", "policy"].map((group) => ({
    group,
    resource: "*",
    verbs: ["get", "list", "create", "patch", "update", "delete"],
    purpose: "what people deploy",
  })),
  ...[
    "apiextensions.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
  ].map((group) => ({ group, resource: "*", verbs: ["get", "list"], purpose: "to look at" })),
  ...["configmaps", "persistentvolumeclaims", "pods", "services"].map((resource) => ({
    group: "",
    resource,
    verbs: ["get", "list", "create", "patch", "update", "delete"],
    purpose: "what people deploy",
  })),
  ...[
    "endpoints",
    "events",
    "limitranges",
    "namespaces",
    "nodes",
    "persistentvolumes",
    "podtemplates",
    "replicationcontrollers",
    "resourcequotas",
    "serviceaccounts",
  ].map((resource) => ({ group: "", resource, verbs: ["get", "list"], purpose: "to look at" })),
];
