import type { Event } from "../../wire/event.ts";
import { openEventsRoute } from "../../wire/routes.ts";
import type { Lane, Message } from "./lane.ts";
import type { Answer } from "./link.ts";

/**
 * Asks the master, once, which occurrences were open when the agent before this one ended. A master that does
 * not know the route knows of none.
 */
export class OpenEventsLane implements Lane {
  readonly name = "open events";
  readonly #clusterId: () => string;
  readonly #adopt: (events: Event[]) => void;
  #done = false;

  constructor(clusterId: () => string, adopt: (events: Event[]) => void) {
    this.#clusterId = clusterId;
    this.#adopt = adopt;
  }

  get done(): boolean {
    return this.#done;
  }

  dueMs(): number {
    return this.#done ? Number.POSITIVE_INFINITY : 0;
  }

  next(): Message {
    return { route: openEventsRoute, body: JSON.stringify({ cluster_id: this.#clusterId() }) };
  }

  sent({ body }: Answer): void {
    this.#done = true;
    const events = (body as { events?: unknown } | undefined)?.events;
    if (Array.isArray(events)) this.#adopt(events.filter(isEvent));
  }

  failed(status: number): void {
    if (status === 404 || status === 405 || status === 422 || status === 400) this.#done = true;
  }

  flush(): void {}
}

/** What the agent relies on; a schema would cost it more memory than all its occurrences. */
function isEvent(value: unknown): value is Event {
  const { id, ts_ms, kind, name, reason, severity } = (value ?? {}) as Record<string, unknown>;
  return (
    [id, kind, name, reason].every((text) => typeof text === "string" && text !== "") &&
    typeof ts_ms === "number" &&
    (severity === "info" || severity === "warning" || severity === "critical")
  );
}
