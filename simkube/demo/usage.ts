import { apps, staticPods } from "./catalogue.ts";
import { quantity } from "./quantity.ts";
import type { Pod } from "./types.ts";
import type { World } from "./world.ts";

export interface PodUsage {
  cpuCores: number;
  memoryBytes: number;
}

const Mi = 2 ** 20;

/** What each pod uses at this moment: its habit, a slow wave, a little chance, and what its faults add. */
export class Usage {
  readonly #world: World;
  /** Since when an effect that grows with time has been there, by pod. */
  readonly #leaking = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  of(pod: Pod): PodUsage {
    const running = pod.status.containerStatuses?.some((one) => one.state.running) ?? false;
    if (!running) return { cpuCores: 0, memoryBytes: 0 };
    const name = pod.metadata.labels?.app ?? "";
    const habit = apps.find((app) => app.name === name && app.namespace === pod.metadata.namespace) ??
      staticPods.find((one) => one.name === name) ?? { cpu: 0.05, memory: 48 * Mi };
    const phase = Number(Bun.hash.wyhash(pod.metadata.uid) % 628n) / 100;
    const wave =
      1 +
      0.35 * Math.sin(this.#world.nowMs / 240_000 + phase) +
      0.15 * Math.sin(this.#world.nowMs / 37_000 + phase * 3);
    const limits = pod.spec.containers[0]?.resources?.limits;
    let cpuCores = habit.cpu * wave * (0.9 + this.#world.random() * 0.2);
    let memoryBytes = habit.memory * (1 + 0.04 * Math.sin(this.#world.nowMs / 600_000 + phase));
    let leaks = false;
    for (const effect of this.#world.faultsOf(pod)) {
      if (effect.kind === "busy") cpuCores = effect.cpuCores * (0.94 + this.#world.random() * 0.06);
      if (effect.kind === "leak") {
        leaks = true;
        const since = this.#leaking.get(pod.metadata.uid) ?? this.#world.nowMs;
        this.#leaking.set(pod.metadata.uid, since);
        memoryBytes += ((this.#world.nowMs - since) / 1000) * effect.bytesPerSecond;
      }
      if (effect.kind === "crash" && effect.reason === "OOMKilled") {
        const startedAt = Date.parse(pod.status.containerStatuses?.[0]?.state.running?.startedAt ?? "");
        const share = Math.min(1, (this.#world.nowMs - startedAt) / (effect.afterSeconds * 1000));
        memoryBytes += ((quantity(limits?.memory) || 512 * Mi) - memoryBytes) * share * 0.98;
      }
    }
    if (!leaks) this.#leaking.delete(pod.metadata.uid);
    const cpuLimit = quantity(limits?.cpu);
    const memoryLimit = quantity(limits?.memory);
    return {
      cpuCores: cpuLimit > 0 ? Math.min(cpuCores, cpuLimit) : cpuCores,
      memoryBytes: Math.round(memoryLimit > 0 ? Math.min(memoryBytes, memoryLimit * 0.995) : memoryBytes),
    };
  }
}
