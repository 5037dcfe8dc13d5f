import { kinds } from "../kinds.ts";
import { suffix } from "../rest.ts";
import { templateHash } from "./revisions.ts";
import { as, type Condition, controllerOf, ownerReference, type Workload } from "./types.ts";
import { type World, withCondition } from "./world.ts";

const revisionKey = "deployment.kubernetes.io/revision";
const component = "deployment-controller";

/** Rolls each Deployment towards its template and its replicas, a few pods at a time, and tells how far it is. */
export function runDeployments(world: World): void {
  for (const object of world.rest.store.list(kinds.deployments)) roll(world, as<Workload>(object));
}

function roll(world: World, deployment: Workload): void {
  const sets = setsOf(world, deployment);
  const hash = templateHash(deployment.spec.template) + suffix(deployment.metadata.uid).slice(0, 4);
  let current = sets.find((set) => set.metadata.labels?.["pod-template-hash"] === hash);
  if (current === undefined && !deployment.spec.paused) {
    current = createSet(world, deployment, hash, sets);
    sets.push(current);
  }
  if (current !== undefined) {
    if (deployment.spec.paused) scaleTogether(world, deployment, sets);
    else {
      adoptRevision(world, deployment, current, sets);
      step(world, deployment, current, sets);
    }
  }
  report(world, deployment, current);
}

function setsOf(world: World, deployment: Workload): Workload[] {
  return world.rest.store
    .list(kinds.replicasets, deployment.metadata.namespace)
    .map(as<Workload>)
    .filter((set) => controllerOf(set.metadata)?.uid === deployment.metadata.uid);
}

const revisionOf = (set: Workload) => Number(set.metadata.annotations?.[revisionKey] ?? 0);
const newest = (sets: Workload[]) => Math.max(0, ...sets.map(revisionOf));

function createSet(world: World, deployment: Workload, hash: string, sets: Workload[]): Workload {
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, "pod-template-hash": hash };
  const revision = String(newest(sets) + 1);
  annotate(world, deployment, revision);
  const made = world.rest.create(kinds.replicasets, deployment.metadata.namespace, {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: {
        [revisionKey]: revision,
        "deployment.kubernetes.io/desired-replicas": String(deployment.spec.replicas),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, "pod-template-hash": hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
  return as<Workload>(made);
}

/** Going back to an earlier template gives its ReplicaSet a new, the highest, revision. */
function adoptRevision(world: World, deployment: Workload, current: Workload, sets: Workload[]): void {
  const highest = newest(sets.filter((set) => set !== current));
  if (revisionOf(current) > highest) return;
  const revision = String(highest + 1);
  current.metadata = {
    ...current.metadata,
    annotations: { ...current.metadata.annotations, [revisionKey]: revision },
  };
  world.rest.store.put(kinds.replicasets, current as never);
  annotate(world, deployment, revision);
}

function annotate(world: World, deployment: Workload, revision: string): void {
  const { namespace, name, annotations } = deployment.metadata;
  if (annotations?.[revisionKey] === revision) return;
  deployment.metadata = { ...deployment.metadata, annotations: { ...annotations, [revisionKey]: revision } };
  world.rest.update(kinds.deployments, namespace, name, {
    ...deployment,
    metadata: { ...deployment.metadata, resourceVersion: "" },
  });
}

/** One step of a rolling update: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment */
function step(world: World, deployment: Workload, current: Workload, sets: Workload[]): void {
  const wanted = deployment.spec.replicas;
  const old = sets.filter((set) => set !== current && set.spec.replicas > 0);
  const recreate = deployment.spec.strategy?.type === "Recreate";
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const surge = recreate ? 0 : share(rolling?.maxSurge ?? "25%", wanted, Math.ceil);
  const spare = recreate ? wanted : share(rolling?.maxUnavailable ?? "25%", wanted, Math.floor);
  const unavailable = surge === 0 && spare === 0 ? 1 : spare;
  const total = sets.reduce((sum, set) => sum + set.spec.replicas, 0);

  if (current.spec.replicas > wanted) scale(world, deployment, current, wanted);
  else if (
    current.spec.replicas < wanted &&
    !(recreate && old.some((set) => Number(set.status.replicas ?? 0) > 0 || set.spec.replicas > 0))
  ) {
    const room = old.length === 0 ? wanted - current.spec.replicas : wanted + surge - total;
    if (room > 0) scale(world, deployment, current, Math.min(wanted, current.spec.replicas + room));
  }
  if (recreate) {
    for (const set of old) scale(world, deployment, set, 0);
    return;
  }
  const available = sets.reduce((sum, set) => sum + Number(set.status.availableReplicas ?? 0), 0);
  let removable = available - (wanted - unavailable);
  for (const set of old) {
    // What is not available may go in any case.
    const dead = set.spec.replicas - Number(set.status.availableReplicas ?? 0);
    const less = Math.min(set.spec.replicas, Math.max(0, dead) + Math.max(0, removable));
    if (less > 0) {
      removable -= Math.max(0, less - dead);
      scale(world, deployment, set, set.spec.replicas - less);
    }
  }
  prune(world, deployment, sets, current);
}

/** A paused Deployment is scaled all the same, where its pods are. */
function scaleTogether(world: World, deployment: Workload, sets: Workload[]): void {
  const running = sets.filter((set) => set.spec.replicas > 0);
  const only = running.length === 1 ? running[0] : undefined;
  if (only && only.spec.replicas !== deployment.spec.replicas)
    scale(world, deployment, only, deployment.spec.replicas);
}

function scale(world: World, deployment: Workload, set: Workload, replicas: number): void {
  if (set.spec.replicas === replicas) return;
  const direction = replicas > set.spec.replicas ? "up" : "down";
  world.event(
    kinds.deployments,
    deployment,
    "Normal",
    "ScalingReplicaSet",
    `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`,
    component,
  );
  const { namespace, name } = set.metadata;
  const latest = world.rest.get(kinds.replicasets, namespace, name);
  const changed = world.rest.update(kinds.replicasets, namespace, name, {
    ...latest,
    spec: { ...latest.spec, replicas },
  });
  set.spec = { ...set.spec, replicas };
  set.metadata = changed.metadata;
}

function prune(world: World, deployment: Workload, sets: Workload[], current: Workload): void {
  const empty = sets.filter((set) => set !== current && set.spec.replicas === 0 && !set.status.replicas);
  const surplus = empty.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const set of empty.toSorted((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, surplus)))
    world.rest.delete(kinds.replicasets, set.metadata.namespace, set.metadata.name);
}

function share(value: string | number, of: number, round: (value: number) => number): number {
  return typeof value === "number" ? value : round((Number.parseFloat(value) / 100) * of);
}

function report(world: World, deployment: Workload, current: Workload | undefined): void {
  const { namespace, name } = deployment.metadata;
  const latest = as<Workload>(world.rest.get(kinds.deployments, namespace, name));
  const sets = setsOf(world, latest);
  const sum = (field: string) => sets.reduce((total, set) => total + Number(set.status[field] ?? 0), 0);
  const wanted = latest.spec.replicas;
  const replicas = sum("replicas");
  const available = sum("availableReplicas");
  const fresh = sets.find((set) => set.metadata.name === current?.metadata.name);
  const updated = Number(fresh?.status.replicas ?? 0);
  const at = world.rest.timestamp();
  const rolling = latest.spec.strategy?.rollingUpdate;
  const spare =
    latest.spec.strategy?.type === "Recreate"
      ? wanted
      : share(rolling?.maxUnavailable ?? "25%", wanted, Math.floor);
  const enough = available >= wanted - spare;
  let conditions = withCondition(
    latest.status.conditions,
    enough
      ? {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        }
      : {
          type: "Available",
          status: "False",
          reason: "MinimumReplicasUnavailable",
          message: "Deployment does not have minimum availability.",
        },
    at,
  );
  const done = updated === wanted && replicas === wanted && available === wanted;
  const state = `${updated}/${replicas}/${available}/${latest.metadata.generation}`;
  conditions = withProgress(world, latest, conditions, fresh?.metadata.name ?? name, done, state, at);
  world.setStatus(kinds.deployments, latest, {
    observedGeneration: latest.metadata.generation ?? 1,
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum("readyReplicas"),
    availableReplicas: available,
    ...(wanted > available ? { unavailableReplicas: wanted - available } : {}),
    conditions,
  });
}

/** When each Deployment's numbers last moved: what the progress deadline counts from. */
const moved = new WeakMap<World, Map<string, { state: string; atMs: number; at: string }>>();

function withProgress(
  world: World,
  deployment: Workload,
  conditions: Condition[],
  set: string,
  done: boolean,
  state: string,
  at: string,
) {
  let known = moved.get(world);
  if (known === undefined) {
    known = new Map();
    moved.set(world, known);
  }
  let last = known.get(deployment.metadata.uid);
  if (last?.state !== state) {
    last = { state, atMs: world.nowMs, at };
    known.set(deployment.metadata.uid, last);
  }
  const base = { type: "Progressing", lastUpdateTime: last.at };
  if (done) {
    const message = `ReplicaSet "${set}" has successfully progressed.`;
    return withCondition(
      conditions,
      { ...base, status: "True", reason: "NewReplicaSetAvailable", message },
      at,
    );
  }
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? 600) * 1000;
  const before = conditions?.find((one) => one.type === "Progressing");
  // A complete rollout that loses a pod later is not one that does not progress.
  const changed = deployment.status.observedGeneration !== deployment.metadata.generation;
  if (before?.reason === "NewReplicaSetAvailable" && !changed) return conditions;
  if (world.nowMs - last.atMs > deadlineMs && !deployment.spec.paused) {
    const message = `ReplicaSet "${set}" has timed out progressing.`;
    return withCondition(
      conditions,
      { ...base, status: "False", reason: "ProgressDeadlineExceeded", message },
      at,
    );
  }
  const message = `ReplicaSet "${set}" is progressing.`;
  return withCondition(conditions, { ...base, status: "True", reason: "ReplicaSetUpdated", message }, at);
}
