import type { ChangeNotice } from "../../views/model.ts";

export type Topic = ChangeNotice["topics"] extends ReadonlySet<infer T> ? T : never;

/** Gathers changes and tells subscribers of them at most every 100 ms. */
export class Notices {
  readonly #subscribers = new Set<(notice: ChangeNotice[]) => void>();
  readonly #failed: (error: unknown) => void;
  #pending = new Map<string, Set<Topic>>();
  #timer: Timer | undefined;
  readonly #revisions = new Map<string, number>();
  revision = 0;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  changed(cluster: string, topic: Topic): void {
    this.revision++;
    // Metrics come all the time and change nothing of what is wrong, which alerts only tell of; a node they say something about is a change.
    if (topic !== "metrics" && topic !== "alerts") this.#revisions.set(cluster, this.revision);
    if (this.#subscribers.size === 0) return;
    const topics = this.#pending.get(cluster);
    if (topics) topics.add(topic);
    else this.#pending.set(cluster, new Set([topic]));
    this.#timer ??= setTimeout(() => this.#tell(), 100);
  }

  /** The revision at which something but the metrics of a cluster changed last. */
  revisionOf(cluster: string): number {
    return this.#revisions.get(cluster) ?? 0;
  }

  subscribe(callback: (notice: ChangeNotice[]) => void): () => void {
    this.#subscribers.add(callback);
    return () => this.#subscribers.delete(callback);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#subscribers.clear();
  }

  #tell(): void {
    this.#timer = undefined;
    const notices = [...this.#pending].map(([cluster, topics]) => ({ cluster, topics }));
    this.#pending = new Map();
    for (const callback of [...this.#subscribers])
      try {
        callback(notices);
      } catch (error) {
        this.#failed(error);
      }
  }
}
