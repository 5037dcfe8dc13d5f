import type { UsageView } from "../../views/model.ts";

const points = 30;
const pointMs = 30_000;
const slotsPerSlab = 512;
/** A value older than this is not what something uses now. */
const currentForMs = 120_000;

interface Slab {
  cpu: Float32Array;
  memory: Float32Array;
  /** How many samples the newest point of each slot is the mean of. */
  samples: Uint8Array;
}
/** What something used when it was heard of last; the same object for as long as it is heard of. */
export interface Current {
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly seenMs: number;
}
interface Slot {
  slab: Slab;
  at: number;
  /** Which 30 s the newest point is of. */
  point: number;
  cpuCores: number;
  memoryBytes: number;
  seenMs: number;
}

/**
 * CPU and memory of pods and nodes: now, and the last 15 minutes as 30 points that are means of 30 s. The points
 * lie in slabs shared by 512 owners each: a typed array of its own for each pod would cost more than its content.
 */
export class UsageStore {
  readonly #clusters = new Map<string, Map<string, Slot>>();
  readonly #free: { slab: Slab; at: number }[] = [];
  readonly #revisions = new Map<string, number>();
  readonly #heard = new Map<string, number>();

  put(cluster: string, id: string, cpuCores: number, memoryBytes: number, now: number): void {
    this.#heard.set(cluster, this.heardOf(cluster) + 1);
    let slots = this.#clusters.get(cluster);
    if (!slots) {
      slots = new Map();
      this.#clusters.set(cluster, slots);
    }
    const point = Math.floor(now / pointMs);
    let slot = slots.get(id);
    if (!slot) {
      slot = { ...this.#allocate(), point, cpuCores, memoryBytes, seenMs: now };
      slots.set(id, slot);
      this.#changed(cluster);
    }
    const { slab, at } = slot;
    const start = at * points;
    for (let missed = Math.max(slot.point + 1, point - points + 1); missed <= point; missed++) {
      slab.cpu[start + (missed % points)] = Number.NaN;
      slab.memory[start + (missed % points)] = Number.NaN;
    }
    if (point > slot.point) slab.samples[at] = 0;
    slot.point = Math.max(point, slot.point);
    const samples = slab.samples[at]!;
    const index = start + (slot.point % points);
    slab.cpu[index] = mean(slab.cpu[index]!, cpuCores, samples);
    slab.memory[index] = mean(slab.memory[index]!, memoryBytes, samples);
    slab.samples[at] = Math.min(samples + 1, 255);
    slot.cpuCores = cpuCores;
    slot.memoryBytes = memoryBytes;
    slot.seenMs = now;
  }

  find(cluster: string, id: string): Current | undefined {
    return this.#clusters.get(cluster)?.get(id);
  }

  /** Another number once something of a cluster is heard of for the first time, or was let go of. */
  revisionOf(cluster: string): number {
    return this.#revisions.get(cluster) ?? 0;
  }

  /** How often something of a cluster was heard of. */
  heardOf(cluster: string): number {
    return this.#heard.get(cluster) ?? 0;
  }

  #changed(cluster: string): void {
    this.#revisions.set(cluster, this.revisionOf(cluster) + 1);
  }

  /** What it uses now; undefined where nothing is known of the last two minutes. */
  current(cluster: string, id: string, now: number): { cpuCores: number; memoryBytes: number } | undefined {
    const slot = this.#clusters.get(cluster)?.get(id);
    return slot && now - slot.seenMs < currentForMs ? slot : undefined;
  }

  /** The sum over several owners; undefined where none of them is known. */
  sum(cluster: string, ids: Iterable<string>, now: number): UsageView | undefined {
    const slots = this.#clusters.get(cluster);
    let view: UsageView | undefined;
    const newest = Math.floor(now / pointMs);
    for (const id of ids) {
      const slot = slots?.get(id);
      if (!slot) continue;
      view ??= {
        cpuCores: 0,
        memoryBytes: 0,
        cpuHistory: new Float32Array(points).fill(Number.NaN),
        memoryHistory: new Float32Array(points).fill(Number.NaN),
      };
      if (now - slot.seenMs < currentForMs) {
        view.cpuCores += slot.cpuCores;
        view.memoryBytes += slot.memoryBytes;
      }
      const start = slot.at * points;
      for (let back = 0; back < points; back++) {
        const point = newest - back;
        if (point > slot.point || point <= slot.point - points) continue;
        const index = start + (point % points);
        add(view.cpuHistory, points - 1 - back, slot.slab.cpu[index]!);
        add(view.memoryHistory, points - 1 - back, slot.slab.memory[index]!);
      }
    }
    return view;
  }

  /** Lets go of what has not been heard of for as long as the history reaches. */
  sweep(now: number): void {
    for (const [cluster, slots] of this.#clusters) {
      for (const [id, slot] of slots)
        if (now - slot.seenMs > points * pointMs) {
          this.#free.push({ slab: slot.slab, at: slot.at });
          slots.delete(id);
          this.#changed(cluster);
        }
      if (slots.size === 0) this.#clusters.delete(cluster);
    }
  }

  removeCluster(cluster: string): void {
    for (const { slab, at } of this.#clusters.get(cluster)?.values() ?? []) this.#free.push({ slab, at });
    this.#clusters.delete(cluster);
    this.#revisions.delete(cluster);
    this.#heard.delete(cluster);
  }

  #allocate(): { slab: Slab; at: number } {
    if (this.#free.length === 0) {
      const slab: Slab = {
        cpu: new Float32Array(slotsPerSlab * points),
        memory: new Float32Array(slotsPerSlab * points),
        samples: new Uint8Array(slotsPerSlab),
      };
      for (let at = slotsPerSlab - 1; at >= 0; at--) this.#free.push({ slab, at });
    }
    const { slab, at } = this.#free.pop()!;
    slab.cpu.fill(Number.NaN, at * points, (at + 1) * points);
    slab.memory.fill(Number.NaN, at * points, (at + 1) * points);
    slab.samples[at] = 0;
    return { slab, at };
  }
}

function mean(before: number, value: number, samples: number): number {
  return samples === 0 || Number.isNaN(before) ? value : (before * samples + value) / (samples + 1);
}

function add(values: Float32Array, at: number, value: number): void {
  if (!Number.isNaN(value)) values[at] = Number.isNaN(values[at]!) ? value : values[at]! + value;
}
