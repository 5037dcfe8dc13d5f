import { budgetStatus } from "../budgets.ts";
import { kinds } from "../kinds.ts";
import type { Fields, Stored } from "../object.ts";
import { as, type NodeObject } from "./types.ts";
import { type World, withCondition } from "./world.ts";

const leaseMs = 10_000;
const eventMs = 3_600_000;
const silenceMs = 40_000;
const unreachable = "node.kubernetes.io/unreachable";
const pressures: [type: string, reason: string, message: string][] = [
  ["MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"],
  ["DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
  ["PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
];

/** Leases of the kubelets that answer; after 40 s without one the node is Unknown, its pods not ready, and it is tainted. */
export function runNodes(world: World): void {
  for (const node of world.rest.store.list(kinds.nodes).map(as<NodeObject>)) {
    const { name } = node.metadata;
    const lease = world.rest.store.get(kinds.leases, "kube-node-lease", name);
    const renewed = Date.parse(String((lease?.spec as Fields | undefined)?.renewTime ?? 0));
    const silent = world.silentNodes.has(name);
    if (!silent && world.nowMs - renewed >= leaseMs) renew(world, node, lease);
    if (silent && world.nowMs - renewed > silenceMs) lose(world, node);
    else if (!silent) greet(world, node);
  }
}

function renew(world: World, node: NodeObject, lease: Stored | undefined): void {
  const { name } = node.metadata;
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: 40,
    renewTime: world.rest.now().toISOString().replace("Z", "000Z"),
  };
  if (lease) world.rest.store.put(kinds.leases, { ...lease, spec });
  else world.rest.create(kinds.leases, "kube-node-lease", { metadata: { name }, spec });
}

function lose(world: World, node: NodeObject): void {
  const ready = node.status.conditions.find((one) => one.type === "Ready");
  if (ready?.status === "Unknown") return;
  const at = world.rest.timestamp();
  const message = "Kubelet stopped posting node status.";
  let { conditions } = node.status;
  for (const type of ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"])
    conditions = withCondition(
      conditions,
      {
        type,
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message,
        lastHeartbeatTime: ready?.lastHeartbeatTime,
      },
      at,
    );
  const taints = [
    ...(node.spec.taints ?? []),
    { key: unreachable, effect: "NoSchedule" },
    { key: unreachable, effect: "NoExecute" },
  ];
  save(world, node, conditions, taints);
  world.event(
    kinds.nodes,
    node,
    "Normal",
    "NodeNotReady",
    `Node ${node.metadata.name} status is now: NodeNotReady`,
    "node-controller",
  );
  for (const pod of world.pods().filter((one) => one.spec.nodeName === node.metadata.name)) {
    const list = withCondition(pod.status.conditions, { type: "Ready", status: "False" }, at);
    world.setPodStatus(pod, { ...pod.status, conditions: list });
    world.event(kinds.pods, pod, "Warning", "NodeNotReady", "Node is not ready", "node-controller");
  }
}

function greet(world: World, node: NodeObject): void {
  const before = node.status.conditions.find((one) => one.type === "Ready");
  const seenMs = Date.parse(String(before?.lastHeartbeatTime ?? 0));
  // The kubelet posts its status when something changed, and every five minutes.
  if (before?.status === "True" && world.nowMs - seenMs < 300_000) return;
  const at = world.rest.timestamp();
  let { conditions } = node.status;
  for (const [type, reason, message] of pressures)
    conditions = withCondition(
      conditions,
      { type, status: "False", reason, message, lastHeartbeatTime: at },
      at,
    );
  const next = {
    type: "Ready",
    status: "True" as const,
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
    lastHeartbeatTime: at,
  };
  conditions = withCondition(conditions, next, at);
  save(
    world,
    node,
    conditions,
    (node.spec.taints ?? []).filter((taint) => taint.key !== unreachable),
  );
  if (before?.status !== "True")
    world.event(
      kinds.nodes,
      node,
      "Normal",
      "NodeReady",
      `Node ${node.metadata.name} status is now: NodeReady`,
      "kubelet",
      node.metadata.name,
    );
}

function save(
  world: World,
  node: NodeObject,
  conditions: unknown,
  taints: { key: string; effect: string }[],
): void {
  const latest = world.rest.get(kinds.nodes, undefined, node.metadata.name);
  const spec: Fields = { ...latest.spec };
  if (taints.length > 0) spec.taints = taints as unknown as Fields[];
  else delete spec.taints;
  world.rest.store.put(kinds.nodes, { ...latest, spec, status: { ...latest.status, conditions } as Fields });
}

/** Cordoned nodes carry a taint as well, as the node lifecycle controller gives them. */
export function runCordons(world: World): void {
  const key = "node.kubernetes.io/unschedulable";
  for (const node of world.rest.store.list(kinds.nodes).map(as<NodeObject>)) {
    const taints = node.spec.taints ?? [];
    const has = taints.some((taint) => taint.key === key);
    if (has === (node.spec.unschedulable === true)) continue;
    const next = has
      ? taints.filter((taint) => taint.key !== key)
      : [...taints, { key, effect: "NoSchedule" }];
    save(world, node, node.status.conditions, next);
  }
}

/** Binds each claim of a known class to a volume; the others wait, and say what for. */
export function runClaims(world: World): void {
  for (const claim of world.rest.store.list(kinds.persistentvolumeclaims)) {
    if (claim.status?.phase === "Bound") continue;
    const className = claim.spec?.storageClassName;
    if (className !== "local-path") {
      const message = `storageclass.storage.k8s.io "${String(className)}" not found`;
      const last = world.rest.store
        .list(kinds.events, claim.metadata.namespace)
        .find((one) => (one.involvedObject as Fields).uid === claim.metadata.uid);
      if (last === undefined || world.nowMs - Date.parse(String(last.lastTimestamp)) >= 15_000)
        world.event(
          kinds.persistentvolumeclaims,
          claim,
          "Warning",
          "ProvisioningFailed",
          message,
          "persistentvolume-controller",
        );
      continue;
    }
    const volumeName = `pvc-${claim.metadata.uid}`;
    const resources = claim.spec?.resources as { requests?: Fields } | undefined;
    world.rest.store.put(kinds.persistentvolumeclaims, {
      ...claim,
      spec: { ...claim.spec, volumeName, volumeMode: "Filesystem" },
      status: {
        phase: "Bound",
        accessModes: claim.spec?.accessModes ?? ["ReadWriteOnce"],
        capacity: resources?.requests ?? {},
      },
    });
    world.event(
      kinds.persistentvolumeclaims,
      claim,
      "Normal",
      "ProvisioningSucceeded",
      `Successfully provisioned volume ${volumeName}`,
      "rancher.io/local-path",
    );
  }
}

/** How many pods each budget could do without now. */
export function runBudgets(world: World): void {
  for (const budget of world.rest.store.list(kinds.poddisruptionbudgets))
    world.setStatus(kinds.poddisruptionbudgets, budget, budgetStatus(world.rest, budget));
}

/** Kubernetes forgets Events an hour after they were last seen. */
export function runEventTtl(world: World): void {
  for (const event of world.rest.store.list(kinds.events))
    if (world.nowMs - Date.parse(String(event.lastTimestamp ?? event.metadata.creationTimestamp)) > eventMs)
      world.rest.store.remove(kinds.events, event);
}
