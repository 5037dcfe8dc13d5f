import type { AwaitedLists, ClusterView } from "../../views/model.ts";
import { type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import type { Clusters } from "./clusters.ts";
import type { Objects } from "./objects.ts";

/** So long a cluster that is heard may take to tell what there is; some kinds an agent may not read. */
const tellingMs = 30_000;
/** AtlHyper 1.x sends each list every 25 to 55 s, and none that is empty. */
const oldTellingMs = 60_000;
/** An agent that finds its master away tries again at least this often: its pauses grow to 30 s and vary. */
const pauseMs = 45_000;

/** Faults of pods are shown under what owns them, which has to be there first. */
const needed = ["pod", "job", "node"] as const satisfies readonly KindKey[];

/**
 * What has still to be told of each cluster since this master started: it keeps no objects over a restart, so that until
 * an agent's list has come nobody knows what there is.
 */
export class Awaited {
  readonly #clusters: Clusters;
  readonly #objects: Objects;
  readonly #startedMs: number;
  readonly #silentAfterMs: number;
  readonly #graceMs: number;
  readonly #heardMs = new Map<string, number>();
  /** Those that had never been heard before. */
  readonly #new = new Set<string>();

  constructor(clusters: Clusters, objects: Objects, silentAfterMs: number, startedMs: number) {
    this.#clusters = clusters;
    this.#objects = objects;
    this.#startedMs = startedMs;
    this.#silentAfterMs = silentAfterMs;
    this.#graceMs = graceOf(silentAfterMs);
  }

  /** A message of a cluster has come. */
  heard(cluster: string, now: number): void {
    if (this.#heardMs.has(cluster)) return;
    this.#heardMs.set(cluster, now);
    if (this.#clusters.get(cluster)?.lastSeenMs === 0) this.#new.add(cluster);
  }

  forget(cluster: string): void {
    this.#heardMs.delete(cluster);
    this.#new.delete(cluster);
  }

  /** Whether enough is known of a cluster to say how it is. */
  told(cluster: string, now: number): boolean {
    if (!this.#heardMs.has(cluster)) return false;
    if (this.#clusters.get(cluster)?.status?.flavour === "host") return true;
    return this.#over(cluster, now) || needed.every((kind) => this.#objects.listed(cluster, kind));
  }

  /**
   * Whether what is known of a cluster is out of date since the master was away, and its agent tells soon: where it was
   * heard just before, that counts for as long as it would have without a start.
   */
  starting(cluster: string, now: number): boolean {
    if (this.#heardMs.has(cluster)) return !this.told(cluster, now);
    const lastSeenMs = this.#clusters.get(cluster)?.lastSeenMs ?? now;
    return now - this.#startedMs < this.#graceMs && now - lastSeenMs > this.#silentAfterMs;
  }

  /** The lists that have not come of a cluster that was heard at some time; undefined where all have. */
  of(cluster: string, now: number): AwaitedLists | undefined {
    const known = this.#clusters.get(cluster);
    if (!known || known.lastSeenMs === 0 || this.#over(cluster, now)) return undefined;
    const missing = this.#missing(cluster, known.status?.denied?.map((one) => one.kind) ?? []);
    if (missing.length === 0) return undefined;
    const firstMs = this.#new.has(cluster) ? this.#heardMs.get(cluster) : undefined;
    return {
      sinceMs: firstMs ?? this.#startedMs,
      started: firstMs === undefined,
      kinds: missing,
      whole: !this.told(cluster, now),
    };
  }

  /**
   * Whether a list says what there is, and what not. One that is late or may not be read never does; of AtlHyper 1.x, which
   * sends no empty one, none is as good as one that is empty in the end.
   */
  listed(cluster: string, kind: KindKey, now: number): boolean {
    if (this.#objects.listed(cluster, kind)) return true;
    return !this.#clusters.get(cluster)?.status && this.#over(cluster, now);
  }

  #missing(cluster: string, denied: readonly string[]): KindKey[] {
    const { flavour } = this.#clusters.get(cluster)?.status ?? {};
    if (flavour === "host") return this.#objects.tables.node.of(cluster).size === 0 ? ["node"] : [];
    return kindKeys.filter(
      (kind) => !this.#objects.listed(cluster, kind) && !denied.includes(kinds[kind].kind),
    );
  }

  /** Whether it has been heard for so long that what has not come will not. */
  #over(cluster: string, now: number): boolean {
    const heard = this.#heardMs.get(cluster);
    if (heard === undefined) return false;
    return now - heard > (this.#clusters.get(cluster)?.status ? tellingMs : oldTellingMs);
  }
}

/** So long after a start an agent that is not heard may be in a pause. */
export const graceOf = (silentAfterMs: number): number => Math.min(silentAfterMs, pauseMs);

/** What is still waited for, where that is a list of a kind of a cluster. */
export function awaitedLists(
  { cluster }: { cluster(id: string): ClusterView | undefined },
  id: string,
  kind: KindKey,
): AwaitedLists | undefined {
  const lists = cluster(id)?.awaited;
  return lists?.kinds.includes(kind) ? lists : undefined;
}
