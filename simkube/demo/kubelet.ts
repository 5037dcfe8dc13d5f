import { kinds } from "../kinds.ts";
import { as, type ContainerStatus, type NodeObject, type Pod, type PodStatus } from "./types.ts";
import { type World, withCondition } from "./world.ts";

const pullMs = 2_000;
const readyMs = 3_000;
const terminateMs = 1_500;
const firstBackoffMs = 10_000;
const maxBackoffMs = 300_000;
/** A container that ran this long starts again without waiting. */
const backoffResetMs = 600_000;
const unhealthyEveryMs = 10_000;

/** What a kubelet remembers of a container between looks, beyond its status. */
interface Runtime {
  pullingSinceMs?: number;
  startedAtMs?: number;
  finishedAtMs?: number;
  backoffMs: number;
  pullFailures: number;
  nextPullMs: number;
  lastUnhealthyMs: number;
}

/** Runs the pods bound to nodes: pulls, starts, ends, restarts with back-off, and reports it as kubelets do. */
export class Kubelets {
  readonly #world: World;
  readonly #runtimes = new Map<string, Runtime>();
  readonly #terminating = new Map<string, number>();
  #addresses = 10;

  constructor(world: World) {
    this.#world = world;
  }

  run(): void {
    const alive = new Set<string>();
    for (const pod of this.#world.pods()) {
      alive.add(pod.metadata.uid);
      const node = pod.spec.nodeName;
      if (!node || this.#world.silentNodes.has(node)) continue;
      if (pod.metadata.deletionTimestamp) this.#terminate(pod);
      else if (pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed") this.#sync(pod);
    }
    for (const key of this.#runtimes.keys()) if (!alive.has(key.split("/")[0]!)) this.#runtimes.delete(key);
    for (const uid of this.#terminating.keys()) if (!alive.has(uid)) this.#terminating.delete(uid);
  }

  /** Lets a container look back on a past of restarts, for a demo that begins in the middle of things. */
  restarted(pod: Pod, count: number): void {
    const status = structuredClone(pod.status);
    for (const one of status.containerStatuses ?? []) one.restartCount += count;
    this.#world.setPodStatus(pod, status);
    for (const one of pod.spec.containers)
      this.#runtimeOf(pod, one.name).backoffMs = Math.min(maxBackoffMs, firstBackoffMs * 2 ** count);
  }

  #terminate(pod: Pod): void {
    const { uid, namespace, name } = pod.metadata;
    const since = this.#terminating.get(uid);
    if (since === undefined) {
      this.#terminating.set(uid, this.#world.nowMs);
      for (const one of pod.spec.containers)
        this.#event(pod, "Normal", "Killing", `Stopping container ${one.name}`);
    } else if (this.#world.nowMs - since >= terminateMs)
      this.#world.rest.delete(kinds.pods, namespace, name, { gracePeriodSeconds: 0 });
  }

  #sync(pod: Pod): void {
    const world = this.#world;
    const at = world.rest.timestamp();
    const status: PodStatus = { ...pod.status };
    if (status.startTime === undefined) {
      const node = as<NodeObject>(world.rest.get(kinds.nodes, undefined, pod.spec.nodeName!));
      status.startTime = at;
      status.hostIP = node.status.addresses.find((one) => one.type === "InternalIP")?.address ?? "";
      status.podIP = pod.spec.hostNetwork ? status.hostIP : this.#nextAddress(node);
      Object.assign(status, { hostIPs: [{ ip: status.hostIP }], podIPs: [{ ip: status.podIP }] });
    }
    const statuses = pod.spec.containers.map((container) => {
      const before = status.containerStatuses?.find((one) => one.name === container.name);
      return this.#container(pod, container.image, before ?? fresh(container.name, container.image));
    });
    status.containerStatuses = statuses;
    const ended = statuses.every((one) => one.state.terminated) && pod.spec.restartPolicy === "Never";
    const ready = statuses.every((one) => one.ready);
    if (ended)
      status.phase = statuses.every((one) => one.state.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
    else if (statuses.some((one) => one.state.running || one.restartCount > 0)) status.phase = "Running";
    const unready = statuses.filter((one) => !one.ready).map((one) => one.name);
    const why = ended
      ? { reason: status.phase === "Succeeded" ? "PodCompleted" : "PodFailed" }
      : ready
        ? {}
        : { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` };
    const state = ready && !ended ? "True" : "False";
    for (const type of ["Initialized", "PodReadyToStartContainers"])
      status.conditions = withCondition(status.conditions, { type, status: "True" }, at);
    for (const type of ["ContainersReady", "Ready"])
      status.conditions = withCondition(status.conditions, { type, status: state, ...why }, at);
    world.setPodStatus(pod, status);
  }

  #container(pod: Pod, image: string, before: ContainerStatus): ContainerStatus {
    const runtime = this.#runtimeOf(pod, before.name);
    const { state } = before;
    if (before.image !== image) {
      // The one field of a running pod that may change: the container is started again with it.
      this.#event(pod, "Normal", "Killing", `Container ${before.name} definition changed, will be restarted`);
      Object.assign(runtime, { startedAtMs: undefined, pullingSinceMs: undefined, pullFailures: 0 });
      return { ...fresh(before.name, image), restartCount: before.restartCount + 1 };
    }
    if (state.running) return this.#running(pod, before, runtime);
    if (state.terminated) return this.#afterEnd(pod, before, runtime);
    if (runtime.finishedAtMs !== undefined) return this.#backingOff(pod, before, runtime);
    return this.#starting(pod, before, runtime);
  }

  #starting(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    const { nowMs } = this.#world;
    const { image, name } = before;
    if (nowMs < runtime.nextPullMs) return before;
    if (runtime.pullingSinceMs === undefined) {
      runtime.pullingSinceMs = nowMs;
      this.#event(pod, "Normal", "Pulling", `Pulling image "${image}"`);
      return before;
    }
    if (nowMs - runtime.pullingSinceMs < pullMs) return before;
    runtime.pullingSinceMs = undefined;
    if (!this.#world.pullable(image)) return this.#pullFailed(pod, before, runtime);
    this.#event(
      pod,
      "Normal",
      "Pulled",
      `Successfully pulled image "${image}" in 1.9s (1.9s including waiting)`,
    );
    this.#event(pod, "Normal", "Created", `Created container: ${name}`);
    return this.#start(pod, before, runtime);
  }

  #pullFailed(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    const { image } = before;
    const message = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
    this.#event(pod, "Warning", "Failed", message);
    this.#event(pod, "Warning", "Failed", "Error: ErrImagePull");
    const backoff = Math.min(maxBackoffMs, firstBackoffMs * 2 ** runtime.pullFailures++);
    runtime.nextPullMs = this.#world.nowMs + backoff;
    this.#event(pod, "Normal", "BackOff", `Back-off pulling image "${image}"`);
    // The first failure is shown as such, those that follow as the waiting between them.
    const waiting =
      runtime.pullFailures === 1
        ? { reason: "ErrImagePull", message }
        : {
            reason: "ImagePullBackOff",
            message: `Back-off pulling image "${image}": ErrImagePull: ${message}`,
          };
    return { ...before, state: { waiting } };
  }

  #start(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    this.#event(pod, "Normal", "Started", `Started container ${before.name}`);
    runtime.startedAtMs = this.#world.nowMs;
    runtime.finishedAtMs = undefined;
    const id = Bun.hash
      .wyhash(`${pod.metadata.uid}/${before.name}/${before.restartCount}`)
      .toString(16)
      .padStart(16, "0");
    return {
      ...before,
      ready: false,
      started: true,
      imageID: `${before.image.replace(/[:@][^/]*$/, "")}@sha256:${digest(before.image)}`,
      containerID: `containerd://${id.repeat(4)}`,
      state: { running: { startedAt: this.#world.rest.timestamp() } },
    };
  }

  #running(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    const world = this.#world;
    runtime.startedAtMs ??= Date.parse(before.state.running!.startedAt);
    const ranMs = world.nowMs - runtime.startedAtMs;
    const effects = world.faultsOf(pod);
    const crash = effects.find((effect) => effect.kind === "crash");
    if (crash && ranMs >= crash.afterSeconds * 1000)
      return this.#end(before, runtime, crash.exitCode, crash.reason);
    const runs = Number(pod.metadata.annotations?.["simkube/runs-seconds"] ?? Number.POSITIVE_INFINITY);
    if (ranMs >= runs * 1000) return this.#end(before, runtime, 0, "Completed");
    const unready = effects.find((effect) => effect.kind === "unready");
    if (unready && world.nowMs - runtime.lastUnhealthyMs >= unhealthyEveryMs) {
      runtime.lastUnhealthyMs = world.nowMs;
      this.#event(pod, "Warning", "Unhealthy", `Readiness probe failed: ${unready.message}`);
    }
    const ready = unready === undefined && ranMs >= readyMs;
    return ready === before.ready ? before : { ...before, ready };
  }

  #end(before: ContainerStatus, runtime: Runtime, exitCode: number, reason: string): ContainerStatus {
    runtime.finishedAtMs = this.#world.nowMs;
    const terminated = {
      exitCode,
      reason,
      startedAt: before.state.running!.startedAt,
      finishedAt: this.#world.rest.timestamp(),
      containerID: before.containerID,
    };
    return { ...before, ready: false, started: false, state: { terminated } };
  }

  #afterEnd(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    const policy = pod.spec.restartPolicy ?? "Always";
    if (policy === "Never" || (policy === "OnFailure" && before.state.terminated?.exitCode === 0))
      return before;
    const ranMs = (runtime.finishedAtMs ?? 0) - (runtime.startedAtMs ?? 0);
    // After the first end the container starts again at once; from the second on it has to wait.
    const first = before.lastState.terminated === undefined || ranMs > backoffResetMs;
    runtime.backoffMs =
      first && before.restartCount === 0
        ? 0
        : Math.min(maxBackoffMs, Math.max(firstBackoffMs, runtime.backoffMs * 2));
    const ended = { ...before, lastState: before.state, restartCount: before.restartCount + 1 };
    if (runtime.backoffMs === 0) return this.#start(pod, ended, runtime);
    return { ...before, lastState: before.state, state: { waiting: this.#crashLoop(pod, before, runtime) } };
  }

  #backingOff(pod: Pod, before: ContainerStatus, runtime: Runtime): ContainerStatus {
    if (this.#world.nowMs - runtime.finishedAtMs! < runtime.backoffMs) return before;
    return this.#start(pod, { ...before, restartCount: before.restartCount + 1 }, runtime);
  }

  #crashLoop(pod: Pod, before: ContainerStatus, runtime: Runtime) {
    const { namespace, name, uid } = pod.metadata;
    const of = `container ${before.name} in pod ${name}_${namespace}(${uid})`;
    this.#event(pod, "Warning", "BackOff", `Back-off restarting failed ${of}`);
    const wait =
      runtime.backoffMs >= 60_000
        ? `${Math.floor(runtime.backoffMs / 60_000)}m${(runtime.backoffMs % 60_000) / 1000}s`
        : `${runtime.backoffMs / 1000}s`;
    return {
      reason: "CrashLoopBackOff",
      message: `back-off ${wait} restarting failed container=${before.name} pod=${name}_${namespace}(${uid})`,
    };
  }

  #runtimeOf(pod: Pod, container: string): Runtime {
    const key = `${pod.metadata.uid}/${container}`;
    let runtime = this.#runtimes.get(key);
    if (runtime === undefined) {
      runtime = { backoffMs: 0, pullFailures: 0, nextPullMs: 0, lastUnhealthyMs: 0 };
      this.#runtimes.set(key, runtime);
    }
    return runtime;
  }

  #event(pod: Pod, type: "Normal" | "Warning", reason: string, message: string): void {
    this.#world.event(kinds.pods, pod, type, reason, message, "kubelet", pod.spec.nodeName);
  }

  #nextAddress(node: NodeObject): string {
    const net = (node.spec.podCIDR ?? "10.42.0.0/24").replace(/\.\d+\/\d+$/, "");
    this.#addresses = (this.#addresses % 250) + 1;
    return `${net}.${this.#addresses + 1}`;
  }
}

function fresh(name: string, image: string): ContainerStatus {
  return {
    name,
    image,
    imageID: "",
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: "ContainerCreating" } },
    lastState: {},
  };
}

function digest(image: string): string {
  return new Bun.CryptoHasher("sha256").update(image).digest("hex");
}
