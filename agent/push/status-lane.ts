import type { AgentStatus } from "../../wire/status.ts";
import { statusRoute } from "../../wire/routes.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

/** Changes come in bursts while informers start: this far apart at least. */
const apartMs = 1000;

/** What the agent tells about itself: at its start, on change, and every 30 s as its sign of life. */
export class StatusLane implements Lane {
  readonly name = "status";
  readonly #clusterId: () => string;
  readonly #status: () => AgentStatus;
  readonly #everyMs: number;
  #lastMs = 0;
  #changed = true;

  constructor(clusterId: () => string, status: () => AgentStatus, everyMs: number) {
    this.#clusterId = clusterId;
    this.#status = status;
    this.#everyMs = everyMs;
  }

  changed(): void {
    this.#changed = true;
  }

  dueMs(): number {
    return this.#lastMs + (this.#changed ? Math.min(apartMs, this.#everyMs) : this.#everyMs);
  }

  next(): Message {
    this.#changed = false;
    const payload = JSON.stringify({ agent: this.#status() });
    const head = { cluster_id: this.#clusterId(), source: "agent_status_snapshot" };
    return { route: statusRoute, body: envelope(head, payload, Date.now()) };
  }

  sent(): void {
    this.#lastMs = Date.now();
  }

  failed(): void {
    this.#changed = true;
  }

  flush(): void {}
}
