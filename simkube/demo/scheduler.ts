import { kinds } from "../kinds.ts";
import { quantity } from "./quantity.ts";
import { as, type NodeObject, type Pod } from "./types.ts";
import { type World, withCondition } from "./world.ts";

/** Binds each pod without a node to the emptiest that can take it, or says why none can. */
export function runScheduler(world: World): void {
  const waiting = world.pods().filter((pod) => !pod.spec.nodeName && !pod.metadata.deletionTimestamp);
  for (const pod of waiting) {
    const nodes = world.rest.store.list(kinds.nodes).map(as<NodeObject>);
    const claim = unboundClaim(world, pod);
    const refusals = new Map<string, number>();
    let best: { name: string; load: number } | undefined;
    for (const node of nodes) {
      const why = claim ?? refusal(world, pod, node);
      if (why === undefined) {
        const load = requested(world, node.metadata.name, "cpu") / quantity(node.status.allocatable.cpu);
        if (best === undefined || load < best.load) best = { name: node.metadata.name, load };
      } else refusals.set(why, (refusals.get(why) ?? 0) + 1);
    }
    if (best) bind(world, pod, best.name);
    else refuse(world, pod, nodes.length, claim, refusals);
  }
}

function bind(world: World, pod: Pod, node: string): void {
  const at = world.rest.timestamp();
  const conditions = withCondition(pod.status.conditions, { type: "PodScheduled", status: "True" }, at);
  world.rest.store.put(kinds.pods, {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: { ...pod.status, conditions },
  } as never);
  const { namespace, name } = pod.metadata;
  world.event(
    kinds.pods,
    pod,
    "Normal",
    "Scheduled",
    `Successfully assigned ${namespace}/${name} to ${node}`,
    "default-scheduler",
  );
}

function refuse(
  world: World,
  pod: Pod,
  nodes: number,
  claim: string | undefined,
  refusals: Map<string, number>,
): void {
  const reasons = [...refusals]
    .map(([why, count]) => `${count} ${why}`)
    .sort()
    .join(", ");
  const message = `0/${nodes} nodes are available: ${claim ?? reasons}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
  const before = pod.status.conditions?.find((one) => one.type === "PodScheduled");
  if (before?.message === message) return;
  const condition = { type: "PodScheduled", status: "False" as const, reason: "Unschedulable", message };
  const conditions = withCondition(pod.status.conditions, condition, world.rest.timestamp());
  world.setPodStatus(pod, { ...pod.status, conditions });
  world.event(kinds.pods, pod, "Warning", "FailedScheduling", message, "default-scheduler");
}

function refusal(world: World, pod: Pod, node: NodeObject): string | undefined {
  if (node.spec.unschedulable) return "node(s) were unschedulable";
  const untolerated = (node.spec.taints ?? []).find(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod, taint.key),
  );
  if (untolerated) return `node(s) had untolerated taint {${untolerated.key}: ${untolerated.value ?? ""}}`;
  const labels = node.metadata.labels ?? {};
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value))
    return "node(s) didn't match Pod's node affinity/selector";
  for (const resource of ["cpu", "memory"] as const) {
    const wanted = sum(pod, resource);
    const free = quantity(node.status.allocatable[resource]) - requested(world, node.metadata.name, resource);
    if (wanted > free) return `Insufficient ${resource}`;
  }
  return undefined;
}

export function tolerates(pod: { spec: Pod["spec"] }, key: string): boolean {
  return (pod.spec.tolerations ?? []).some(
    (one) => one.key === key || (one.operator === "Exists" && one.key === undefined),
  );
}

function requested(world: World, node: string, resource: string): number {
  return world
    .pods()
    .filter((pod) => pod.spec.nodeName === node && !["Succeeded", "Failed"].includes(pod.status.phase))
    .reduce((total, pod) => total + sum(pod, resource), 0);
}

function sum(pod: Pod, resource: string): number {
  return pod.spec.containers.reduce((total, one) => total + quantity(one.resources?.requests?.[resource]), 0);
}

function unboundClaim(world: World, pod: Pod): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) continue;
    const claim = world.rest.store.get(kinds.persistentvolumeclaims, pod.metadata.namespace, name);
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`;
    if (claim.status?.phase !== "Bound") return "pod has unbound immediate PersistentVolumeClaims";
  }
  return undefined;
}
