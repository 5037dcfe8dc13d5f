import { kinds } from "../kinds.ts";
import { createPod, isReady } from "./replicas.ts";
import { keepRevision, templateHash } from "./revisions.ts";
import { tolerates } from "./scheduler.ts";
import { as, type NodeObject, type Pod, type Workload } from "./types.ts";
import type { World } from "./world.ts";

const hashLabel = "controller-revision-hash";

/** One pod after the other, each with its number and its claims; updates go from the highest number down. */
export function runStatefulSets(world: World): void {
  for (const set of world.rest.store.list(kinds.statefulsets).map(as<Workload>)) {
    const revision = keepRevision(world, set, templateHash(set.spec.template));
    const pods = new Map(world.podsOf(set).map((pod) => [ordinalOf(pod), pod]));
    for (let i = 0; i < set.spec.replicas; i++) {
      if (pods.has(i)) {
        if (!isReady(pods.get(i)!)) break;
        continue;
      }
      createOrdinal(world, set, i, revision);
      break;
    }
    const numbers = [...pods.keys()].sort((a, b) => b - a);
    const surplus = numbers.find((number) => number >= set.spec.replicas);
    if (surplus !== undefined) remove(world, set, pods.get(surplus)!);
    else if ([...pods.values()].every(isReady)) {
      const stale = numbers.find((number) => pods.get(number)!.metadata.labels?.[hashLabel] !== revision);
      if (stale !== undefined) remove(world, set, pods.get(stale)!);
    }
    const all = world.podsOf(set).filter((pod) => !pod.metadata.deletionTimestamp);
    const ready = all.filter(isReady).length;
    const updated = all.filter((pod) => pod.metadata.labels?.[hashLabel] === revision).length;
    const complete = updated === all.length && all.length === set.spec.replicas;
    world.setStatus(kinds.statefulsets, set, {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: all.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: complete ? updated : all.length - updated,
      updatedReplicas: updated,
      currentRevision: complete ? revision : (set.status.currentRevision ?? revision),
      updateRevision: revision,
      collisionCount: 0,
    });
  }
}

function createOrdinal(world: World, set: Workload, number: number, revision: string): void {
  const name = `${set.metadata.name}-${number}`;
  const { namespace } = set.metadata;
  const volumes = (set.spec.volumeClaimTemplates ?? []).map((claim) => {
    const claimName = `${claim.metadata.name}-${name}`;
    if (!world.rest.store.get(kinds.persistentvolumeclaims, namespace, claimName))
      world.rest.create(kinds.persistentvolumeclaims, namespace, {
        metadata: { name: claimName, labels: set.spec.selector.matchLabels },
        spec: claim.spec,
      });
    return { name: claim.metadata.name, persistentVolumeClaim: { claimName } };
  });
  const { template } = set.spec;
  const spec = {
    ...template.spec,
    hostname: name,
    subdomain: set.spec.serviceName,
    volumes: [...(template.spec.volumes ?? []), ...volumes],
  };
  createPod(world, set, { ...template, spec }, name, {
    labels: {
      [hashLabel]: revision,
      "statefulset.kubernetes.io/pod-name": name,
      "apps.kubernetes.io/pod-index": String(number),
    },
  });
  world.event(
    kinds.statefulsets,
    set,
    "Normal",
    "SuccessfulCreate",
    `create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
    "statefulset-controller",
  );
}

function remove(world: World, set: Workload, pod: Pod): void {
  if (pod.metadata.deletionTimestamp) return;
  world.rest.delete(kinds.pods, pod.metadata.namespace, pod.metadata.name);
  world.event(
    kinds.statefulsets,
    set,
    "Normal",
    "SuccessfulDelete",
    `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`,
    "statefulset-controller",
  );
}

function ordinalOf(pod: Pod): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? -1);
}

/** One pod on each node that it tolerates; updates replace one at a time. */
export function runDaemonSets(world: World): void {
  const nodes = world.rest.store.list(kinds.nodes).map(as<NodeObject>);
  for (const set of world.rest.store.list(kinds.daemonsets).map(as<Workload>)) {
    const revision = templateHash(set.spec.template);
    keepRevision(world, set, revision);
    const pods = world.podsOf(set);
    const eligible = nodes.filter((node) =>
      (node.spec.taints ?? []).every(
        (taint) =>
          tolerates(set.spec.template, taint.key) ||
          taint.key === "node.kubernetes.io/unschedulable" ||
          taint.key === "node.kubernetes.io/unreachable",
      ),
    );
    for (const node of eligible) {
      if (pods.some((pod) => pod.spec.nodeName === node.metadata.name)) continue;
      const name = `${set.metadata.name}-${world.suffix()}`;
      createPod(world, set, set.spec.template, name, {
        labels: { [hashLabel]: revision, "pod-template-generation": "1" },
        nodeName: node.metadata.name,
      });
      world.event(
        kinds.daemonsets,
        set,
        "Normal",
        "SuccessfulCreate",
        `Created pod: ${name}`,
        "daemonset-controller",
      );
    }
    const stale = pods.find((pod) => pod.metadata.labels?.[hashLabel] !== revision);
    if (stale && pods.every((pod) => isReady(pod) && !pod.metadata.deletionTimestamp))
      world.rest.delete(kinds.pods, stale.metadata.namespace, stale.metadata.name);
    const ready = pods.filter(isReady).length;
    const wanted = eligible.length;
    world.setStatus(kinds.daemonsets, set, {
      observedGeneration: set.metadata.generation ?? 1,
      currentNumberScheduled: Math.min(pods.length, wanted),
      desiredNumberScheduled: wanted,
      numberMisscheduled: 0,
      numberReady: ready,
      numberAvailable: ready,
      updatedNumberScheduled: pods.filter((pod) => pod.metadata.labels?.[hashLabel] === revision).length,
      ...(wanted > ready ? { numberUnavailable: wanted - ready } : {}),
    });
  }
}
