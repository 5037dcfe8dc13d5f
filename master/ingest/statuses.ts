import type { Sync } from "../../wire/envelope.ts";
import { problem } from "../../wire/problem.ts";
import type { AgentStatus } from "../../wire/status.ts";

/** What each agent told about itself last, so that its signs of life need not say it again. */
export class Statuses {
  readonly #told = new Map<string, { run: string; seq: number; agent: AgentStatus }>();

  /** One that came whole. */
  take(cluster: string, sync: Sync | undefined, agent: AgentStatus): void {
    if (sync) this.#told.set(cluster, { run: sync.run, seq: sync.seq, agent });
    else this.#told.delete(cluster);
  }

  /** The one that a sign of life says is still so; 409 where that is not the one which is here. */
  still(cluster: string, { run, seq }: Sync): AgentStatus {
    const told = this.#told.get(cluster);
    if (told?.run !== run || told.seq !== seq)
      throw problem(409, "the status that is said to be the same is not here", { resync: true });
    return told.agent;
  }
}
