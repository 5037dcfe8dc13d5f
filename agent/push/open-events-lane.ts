import type { Event } from "../../wire/event.ts";
import { openEventsRoute } from "../../wire/routes.ts";
import type { Lane, Message } from "./lane.ts";
import type { Answer } from "./link.ts";

/** How often the master may fail at the question before events are sent without its answer. */
const maxRefusals = 3;

/**
 * Asks the master, once, which occurrences were open when the agent before this one ended. A master that does
 * not know the route knows of none.
 */
export class OpenEventsLane implements Lane {
  readonly name = "open events";
  readonly #clusterId: () => string;
  readonly #adopt: (events: Event[]) => void;
  #done = false;
  #refusals = 0;

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
    if (status === 0 || status === 401 || status === 403 || status === 429) return;
    // Without an answer occurrences begin anew, which is better than no events at all.
    if (status < 500 || (status === 500 && ++this.#refusals >= maxRefusals)) this.#done = true;
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
