/** How many removed objects are remembered; of older ones their events tell when they were last heard of. */
const mostKept = 1000;

/** When objects disappeared from their clusters, as the master saw it. */
export class Removed {
  readonly #times = new Map<string, number>();

  add(kind: string, cluster: string, key: string, ms: number): void {
    const id = idOf(kind, cluster, key);
    // Again the newest of all, so that it outlives those that went before.
    this.#times.delete(id);
    this.#times.set(id, ms);
    if (this.#times.size <= mostKept) return;
    for (const oldest of this.#times.keys()) {
      this.#times.delete(oldest);
      break;
    }
  }

  get(kind: string, cluster: string, key: string): number | undefined {
    return this.#times.get(idOf(kind, cluster, key));
  }
}

const idOf = (kind: string, cluster: string, key: string) => `${kind}\n${cluster}\n${key}`;
