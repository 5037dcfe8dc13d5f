import type { AgentStatus } from "../../wire/status.ts";
import { statusRoute } from "../../wire/routes.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

/** Changes come in bursts while informers start: this far apart at least. */
const apartMs = 1000;

interface Options {
  clusterId(): string;
  /** Names this agent process in `sync`. */
  run: string;
  status(): AgentStatus;
  everyMs: number;
}

/**
 * What the agent tells about itself, at its start and on change; and every 30 s its sign of life, which only says that
 * it is still so: with nothing else to send that is what the agent costs on the wire.
 */
export class StatusLane implements Lane {
  readonly name = "status";
  readonly #options: Options;
  #lastMs = 0;
  #changed = true;
  #seq = 0;
  /** What the master has of it, and what is under way. */
  #told = "";
  #underWay = "";

  constructor(options: Options) {
    this.#options = options;
  }

  changed(): void {
    this.#changed = true;
  }

  dueMs(): number {
    const { everyMs } = this.#options;
    return this.#lastMs + (this.#changed ? Math.min(apartMs, everyMs) : everyMs);
  }

  next(): Message {
    const { run, status, clusterId } = this.#options;
    this.#changed = false;
    this.#underWay = JSON.stringify({ agent: status() });
    const same = this.#underWay === this.#told;
    if (!same) this.#seq++;
    const sync = { run, seq: this.#seq, mode: same ? "delta" : "full" };
    const head = { cluster_id: clusterId(), source: "agent_status_snapshot", sync };
    return { route: statusRoute, body: envelope(head, same ? "{}" : this.#underWay, Date.now()) };
  }

  sent(): void {
    this.#lastMs = Date.now();
    this.#told = this.#underWay;
  }

  failed(): void {
    this.#changed = true;
    this.#told = "";
  }

  flush(): void {}
}
