import { ConfigMap } from "./configmap.ts";
import { Deployment } from "./deployment.ts";
import { Ingress } from "./ingress.ts";
import { Namespace } from "./namespace.ts";
import { type KindKey, kindNames } from "./kind-names.ts";
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

/** The kinds that travel as lists with the schema of their items. */
export const kinds = {
  pod: { ...kindNames.pod, schema: Pod },
  node: { ...kindNames.node, schema: Node },
  service: { ...kindNames.service, schema: Service },
  namespace: { ...kindNames.namespace, schema: Namespace },
  ingress: { ...kindNames.ingress, schema: Ingress },
  deployment: { ...kindNames.deployment, schema: Deployment },
  configmap: { ...kindNames.configmap, schema: ConfigMap },
  statefulset: { ...kindNames.statefulset, schema: StatefulSet },
  daemonset: { ...kindNames.daemonset, schema: DaemonSet },
  replicaset: { ...kindNames.replicaset, schema: ReplicaSet },
  job: { ...kindNames.job, schema: Job },
  cronjob: { ...kindNames.cronjob, schema: CronJob },
  persistentvolumeclaim: { ...kindNames.persistentvolumeclaim, schema: PersistentVolumeClaim },
  horizontalpodautoscaler: { ...kindNames.horizontalpodautoscaler, schema: HorizontalPodAutoscaler },
} as const;

// biome-ignore lint/performance/noBarrelFile: who has the schemas finds the names here too
export { type KindKey, keyOf, kindKeys, routeOf, sourceOf } from "./kind-names.ts";

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
