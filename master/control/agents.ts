interface AgentRun {
  run: string;
  startedMs: number;
  seenMs: number;
}

/** An agent's poll takes 50 s at most; one that was not heard for longer has ended. */
const liveMs = 75_000;

/**
 * The agents' processes that ask for commands, by cluster. There should be one each: where there are two, the one
 * that started last gets the commands, and the other none.
 */
export class Agents {
  readonly #runs = new Map<string, Map<string, AgentRun>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Notes that a process asks; whether it is the one that gets the commands. AtlHyper 1.x does not say who it is. */
  hear(cluster: string, run: string | undefined, startedMs: number | undefined): boolean {
    if (run === undefined) return true;
    const runs = this.#runs.get(cluster) ?? new Map<string, AgentRun>();
    this.#runs.set(cluster, runs);
    runs.set(run, { run, startedMs: startedMs ?? 0, seenMs: this.#now() });
    return this.#live(cluster)[0]?.run === run;
  }

  /** A process that has gone: its connection broke off. */
  forget(cluster: string): void {
    this.#runs.delete(cluster);
  }

  /** How many ask at the moment. A restart leaves the one before behind for a while: two count from 75 s on. */
  count(cluster: string): number {
    const live = this.#live(cluster);
    const [newest] = live;
    if (newest === undefined) return 0;
    // Both have asked since the newer one began.
    return live.filter((one) => one.run === newest.run || one.seenMs > newest.startedMs + liveMs).length;
  }

  #live(cluster: string): AgentRun[] {
    const runs = this.#runs.get(cluster);
    if (!runs) return [];
    const since = this.#now() - liveMs;
    for (const [run, one] of runs) if (one.seenMs < since) runs.delete(run);
    return [...runs.values()].sort((a, b) => b.startedMs - a.startedMs || (a.run < b.run ? 1 : -1));
  }
}
