/** A watch that waits for its cluster's version to grow. */
interface Parked {
  rv: number;
  wake(): void;
}

/** The long polls of all agents. A parked one costs a timer, a promise and its request. */
export class ParkedWatches {
  readonly #byCluster = new Map<string, Set<Parked>>();
  #closed = false;

  get size(): number {
    let size = 0;
    for (const one of this.#byCluster.values()) size += one.size;
    return size;
  }

  /** Comes back when the version is newer than `rv`, the time is over, the client has left, or the master stops. */
  wait(cluster: string, rv: number, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || ms <= 0 || signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const all = this.#byCluster.get(cluster) ?? new Set<Parked>();
    this.#byCluster.set(cluster, all);
    const one: Parked = {
      rv,
      wake() {
        clearTimeout(timer);
        signal.removeEventListener("abort", one.wake);
        all.delete(one);
        resolve();
      },
    };
    const timer = setTimeout(one.wake, ms);
    signal.addEventListener("abort", one.wake);
    all.add(one);
    return promise;
  }

  grown(cluster: string, rv: number): void {
    for (const one of this.#byCluster.get(cluster) ?? []) if (one.rv < rv) one.wake();
  }

  close(): void {
    this.#closed = true;
    for (const all of this.#byCluster.values()) for (const one of all) one.wake();
    this.#byCluster.clear();
  }
}
