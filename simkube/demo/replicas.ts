import { type Kind, kinds } from "../kinds.ts";
import { as, controllerOf, ownerReference, type Pod, type Template, type Workload } from "./types.ts";
import type { World } from "./world.ts";

export const isReady = (pod: Pod) =>
  pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;
export const isActive = (pod: Pod) =>
  !pod.metadata.deletionTimestamp && pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed";

/** A pod of a workload's template. */
export function createPod(
  world: World,
  owner: { apiVersion: string; kind: string; metadata: Pod["metadata"] },
  template: Template,
  name: string,
  more: { labels?: Record<string, string>; nodeName?: string } = {},
): void {
  const { namespace } = owner.metadata;
  if (world.rest.store.get(kinds.pods, namespace, name)) return;
  world.rest.create(kinds.pods, namespace, {
    metadata: {
      name,
      labels: { ...template.metadata.labels, ...more.labels },
      ...(template.metadata.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec: {
      serviceAccountName: "default",
      enableServiceLinks: true,
      ...template.spec,
      ...(more.nodeName ? { nodeName: more.nodeName } : {}),
    },
  });
}

/** Makes the pods of each ReplicaSet as many as it wants. */
export function runReplicaSets(world: World): void {
  for (const set of world.rest.store.list(kinds.replicasets).map(as<Workload>)) {
    const pods = world.podsOf(set);
    const active = pods.filter(isActive);
    const missing = set.spec.replicas - active.length;
    for (let i = 0; i < missing; i++) {
      const name = `${set.metadata.name}-${world.suffix()}`;
      createPod(world, set, set.spec.template, name);
      world.event(
        kinds.replicasets,
        set,
        "Normal",
        "SuccessfulCreate",
        `Created pod: ${name}`,
        "replicaset-controller",
      );
    }
    // Those that are not ready go first, then the youngest.
    const surplus = active
      .toSorted(
        (a, b) =>
          Number(isReady(a)) - Number(isReady(b)) ||
          (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1),
      )
      .slice(0, Math.max(0, -missing));
    for (const pod of surplus) {
      world.rest.delete(kinds.pods, pod.metadata.namespace, pod.metadata.name);
      world.event(
        kinds.replicasets,
        set,
        "Normal",
        "SuccessfulDelete",
        `Deleted pod: ${pod.metadata.name}`,
        "replicaset-controller",
      );
    }
    const left = missing === 0 ? active : world.podsOf(set).filter(isActive);
    const ready = left.filter(isReady).length;
    world.setStatus(kinds.replicasets, set, {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: left.length,
      fullyLabeledReplicas: left.length,
      readyReplicas: ready,
      availableReplicas: ready,
    });
  }
}

/** Objects whose controller is gone go too, as the garbage collector sees to. */
export function runGarbageCollector(world: World): void {
  const owned: Kind[] = [
    kinds.pods,
    kinds.replicasets,
    kinds.controllerrevisions,
    kinds.jobs,
    kinds.endpointslices,
  ];
  const owners: Record<string, Kind> = {
    ReplicaSet: kinds.replicasets,
    Deployment: kinds.deployments,
    StatefulSet: kinds.statefulsets,
    DaemonSet: kinds.daemonsets,
    Job: kinds.jobs,
    CronJob: kinds.cronjobs,
    Service: kinds.services,
  };
  for (const kind of owned)
    for (const object of world.rest.store.list(kind)) {
      const owner = controllerOf(object.metadata);
      const ownerKind = owner && owners[owner.kind];
      if (!ownerKind || object.metadata.deletionTimestamp) continue;
      const { namespace, name } = object.metadata;
      if (world.rest.store.get(ownerKind, namespace, owner.name)?.metadata.uid !== owner.uid)
        world.rest.delete(kind, namespace, name);
    }
}
