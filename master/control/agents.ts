interface AgentRun {
  run: string;
  startedMs: number;
  /** When it was heard first and last, by the master's clock. */
  firstMs: number;
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
  /** The process of each cluster that was last told to get the commands. */
  readonly #leaders = new Map<string, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Notes that a process asks; whether it is the one that gets the commands, and whether another may have got them
   * before (as far as this master knows). AtlHyper 1.x does not say who it is.
   */
  hear(
    cluster: string,
    run: string | undefined,
    startedMs: number | undefined,
  ): { leads: boolean; tookOver: boolean } {
    if (run === undefined) return { leads: true, tookOver: false };
    const runs = this.#runs.get(cluster) ?? new Map<string, AgentRun>();
    this.#runs.set(cluster, runs);
    const seenMs = this.#now();
    const firstMs = runs.get(run)?.firstMs ?? seenMs;
    runs.set(run, { run, startedMs: startedMs ?? 0, firstMs, seenMs });
    if (this.#live(cluster)[0]?.run !== run) return { leads: false, tookOver: false };
    const before = this.#leaders.get(cluster);
    this.#leaders.set(cluster, run);
    return { leads: true, tookOver: before !== run };
  }

  /** How many ask at the moment. A restart leaves the one before behind for a while: two count from 75 s on. */
  count(cluster: string): number {
    const live = this.#live(cluster);
    const [newest] = live;
    if (newest === undefined) return 0;
    // Both have asked since the newer one began.
    return live.filter((one) => one.run === newest.run || one.seenMs > newest.firstMs + liveMs).length;
  }

  #live(cluster: string): AgentRun[] {
    const runs = this.#runs.get(cluster);
    if (!runs) return [];
    const since = this.#now() - liveMs;
    for (const [run, one] of runs) if (one.seenMs < since) runs.delete(run);
    return [...runs.values()].sort((a, b) => b.startedMs - a.startedMs || (a.run < b.run ? 1 : -1));
  }
}
