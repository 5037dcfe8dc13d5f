import type { Event } from "../../wire/event.ts";
import { autoscalerFindings } from "../diagnose/rules/autoscaler.ts";
import { jobFindings } from "../diagnose/rules/job.ts";
import { nodeFindings } from "../diagnose/rules/node.ts";
import { daemonSetFindings, statefulSetFindings } from "../diagnose/rules/workload.ts";
import { resources } from "../kube/resource.ts";
import type { WireList } from "../lists/wire-list.ts";
import { controllerOf } from "../project/common.ts";
import { projectConfigMap } from "../project/configmap.ts";
import { projectCronJob } from "../project/cronjob.ts";
import { projectDaemonSet } from "../project/daemonset.ts";
import { projectAutoscaler } from "../project/horizontalpodautoscaler.ts";
import { projectJob } from "../project/job.ts";
import type { ConfigMapObject, JobObject } from "../project/kube.ts";
import { projectNode } from "../project/node.ts";
import { projectStatefulSet } from "../project/statefulset.ts";
import { type Certificates, trackCertificates } from "./certificates.ts";
import { trackClaims } from "./claims.ts";
import { trackDeployments } from "./deployments.ts";
import { trackIngresses } from "./ingresses.ts";
import { trackEvents } from "./kubernetes-events.ts";
import { countChange, NamespaceCounts, trackCounted, trackNamespaces } from "./namespaces.ts";
import { Owners } from "./owners.ts";
import { trackPods } from "./pods.ts";
import { trackServices } from "./services.ts";
import { type TextItem, trackSimple } from "./simple.ts";
import type { AnyTracker, Diagnosis, Tracker } from "./tracker.ts";

export interface ModelOptions {
  diagnosis: Diagnosis;
  /** Characters of each ConfigMap value to send; 0: none. */
  configMapPreview: number;
  /** Whether Secrets with certificates are looked at for when these expire. */
  certificates: boolean;
  /** Takes each new or changed Kubernetes Event. */
  tellEvent(event: Event): void;
}

export interface ClusterModel {
  /** All but Events, in the order in which they are best listed: owners before what they own. */
  trackers: readonly AnyTracker[];
  events: AnyTracker;
  /** Events on servers without events.k8s.io/v1. */
  coreEvents: AnyTracker;
  lists: readonly WireList[];
  nodes: Tracker<TextItem>;
  /** Absent where they are not looked at. */
  certificates?: Certificates;
  /**
   * The first list of the resource is complete (`known`), or it cannot be read for the time being: what
   * waits for it goes on. Called again when one that could not be read can be.
   */
  settled(resource: string, known: boolean): void;
}

type CountName = Parameters<NamespaceCounts["setCounted"]>[0];

/** What is counted in namespaces, by the resource that has it. */
const countedResources: Record<string, CountName> = {
  pods: "pods",
  deployments: "deployments",
  statefulsets: "statefulSets",
  daemonsets: "daemonSets",
  jobs: "jobs",
  cronjobs: "cronJobs",
  services: "services",
  ingresses: "ingresses",
  configmaps: "configMaps",
  persistentvolumeclaims: "persistentVolumeClaims",
  networkpolicies: "networkPolicies",
  serviceaccounts: "serviceAccounts",
};

/** Everything the agent keeps of its cluster. It only takes in what informers give it, and asks for nothing. */
export function createModel(options: ModelOptions): ClusterModel {
  const { diagnosis } = options;
  const owners = new Owners();
  const counts = new NamespaceCounts();
  const count = (name: CountName) => (change: Parameters<typeof countChange>[2]) =>
    countChange(counts, name, change);

  const { namespaces, quotas, limitRanges } = trackNamespaces(diagnosis, counts);
  const { deployments, replicaSets } = trackDeployments(diagnosis, owners, counts);
  const { services, slices, setSlicesKnown } = trackServices(diagnosis, counts);
  const pods = trackPods(diagnosis, owners, counts);
  const nodes = trackSimple({
    kind: "node",
    resource: resources.nodes,
    diagnosis,
    project: projectNode,
    findings: nodeFindings,
  });
  const statefulSets = trackSimple({
    kind: "statefulset",
    resource: resources.statefulsets,
    diagnosis,
    project: projectStatefulSet,
    findings: statefulSetFindings,
    onChange: count("statefulSets"),
  });
  const daemonSets = trackSimple({
    kind: "daemonset",
    resource: resources.daemonsets,
    diagnosis,
    project: projectDaemonSet,
    findings: daemonSetFindings,
    onChange: count("daemonSets"),
  });
  const jobs = trackSimple({
    kind: "job",
    resource: resources.jobs,
    diagnosis,
    project(job: JobObject) {
      const key = `${job.metadata.namespace}/${job.metadata.name}`;
      owners.set("Job", key, controllerOf(job.metadata.ownerReferences));
      return projectJob(job);
    },
    findings: jobFindings,
    onChange(change) {
      if (change.type === "delete") owners.delete("Job", change.key);
      count("jobs")(change);
    },
  });
  const cronJobs = trackSimple({
    kind: "cronjob",
    resource: resources.cronjobs,
    diagnosis,
    project: projectCronJob,
    onChange: count("cronJobs"),
  });
  const { ingresses, classes } = trackIngresses(diagnosis, count("ingresses"));
  const configMaps = trackSimple({
    kind: "configmap",
    resource: resources.configmaps,
    diagnosis,
    project: (object: ConfigMapObject) => projectConfigMap(object, options.configMapPreview),
    onChange: count("configMaps"),
  });
  const autoscalers = trackSimple({
    kind: "horizontalpodautoscaler",
    resource: resources.horizontalpodautoscalers,
    diagnosis,
    project: projectAutoscaler,
    findings: autoscalerFindings,
  });
  const { claims, tellClaims } = trackClaims(diagnosis, count("persistentVolumeClaims"));

  function tellEvent(event: Event): void {
    tellClaims(event);
    options.tellEvent(event);
  }

  const tracked = [
    namespaces,
    nodes,
    deployments,
    replicaSets,
    statefulSets,
    daemonSets,
    cronJobs,
    jobs,
    services,
    ingresses,
    configMaps,
    claims,
    autoscalers,
    pods,
  ];
  const certificates = options.certificates ? trackCertificates() : undefined;
  const counted = [
    trackCounted(resources.networkpolicies, "networkPolicies", counts),
    trackCounted(resources.serviceaccounts, "serviceAccounts", counts),
  ];
  const trackers: AnyTracker[] = [
    ...tracked.slice(0, -1),
    slices,
    classes,
    quotas,
    limitRanges,
    ...counted,
    ...(certificates ? [certificates] : []),
    pods,
  ];
  const open = new Set(trackers.map((one) => one.resource.plural));
  const known = new Set<string>();

  return {
    trackers,
    events: trackEvents(resources.eventsV1, tellEvent),
    coreEvents: trackEvents(resources.events, tellEvent),
    lists: tracked.map((one) => one.list),
    nodes,
    ...(certificates ? { certificates } : {}),
    settled(resource, isKnown) {
      open.delete(resource);
      if (resource === certificates?.resource.plural) certificates.known = isKnown;
      if (isKnown && !known.has(resource)) {
        known.add(resource);
        const name = countedResources[resource];
        if (name) counts.setCounted(name);
        if (name) for (const one of namespaces.items.keys()) namespaces.list.touch(one);
        if (resource === "endpointslices") setSlicesKnown();
      }
      for (const { resource: own, list } of tracked) {
        // Joined lists wait for what is joined into them, so that they are not sent again for each part.
        if (own.plural === "namespaces" && open.size > 0) continue;
        if (own.plural === "ingresses" && open.has("ingressclasses")) continue;
        if (own.plural === "services" && open.has("endpointslices")) continue;
        if (known.has(own.plural)) list.setReady();
      }
    },
  };
}
