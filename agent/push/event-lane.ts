import type { Event, LegacyEvent } from "../../wire/event.ts";
import { partBytes } from "../../wire/limits.ts";
import { eventsRoute } from "../../wire/routes.ts";
import type { EventQueue } from "./event-queue.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

export interface EventLaneOptions {
  clusterId(): string;
  queue: EventQueue;
  everyMs: number;
  /** Events wait until the occurrences that are open at the master are known. */
  ready(): boolean;
  /** In the form of AtlHyper 1.x. */
  legacy: boolean;
  onDropped(event: Event): void;
}

/** Events in one message; the wire takes 10,000. */
const maxEvents = 1000;
/** How long an urgent event waits for others that come with it. */
const urgentMs = 200;

/** Events every 5 s, and at once when something has just broken. */
export class EventLane implements Lane {
  readonly name = "events";
  readonly #options: EventLaneOptions;
  #underWay: Event[] = [];
  #batch = maxEvents;
  #flushing = false;
  #lastMs = 0;

  constructor(options: EventLaneOptions) {
    this.#options = options;
  }

  dueMs(): number {
    const { queue, everyMs, ready } = this.#options;
    if (queue.size === 0 || !ready()) return Number.POSITIVE_INFINITY;
    // A batch that did not take all leaves the rest due.
    if (this.#flushing || queue.size >= maxEvents) return 0;
    return Math.min(Math.max(queue.oldestMs, this.#lastMs + everyMs), queue.urgentMs + urgentMs);
  }

  next(): Message | undefined {
    const { queue, legacy, clusterId } = this.#options;
    const { events, texts } = queue.peek(this.#batch, partBytes);
    if (events.length === 0) return undefined;
    this.#underWay = events;
    const list = legacy ? events.map((event) => JSON.stringify(legacyForm(event))) : texts;
    const payload = `{"events":[${list.join(",")}]}`;
    return {
      route: eventsRoute,
      body: envelope({ cluster_id: clusterId(), source: "events" }, payload, Date.now()),
    };
  }

  sent(): void {
    this.#options.queue.remove(this.#underWay);
    this.#lastMs = Date.now();
    this.#batch = maxEvents;
  }

  failed(status: number, body: unknown): void {
    // One that is of the wrong shape must not keep all others back for good.
    if (status !== 422 && status !== 400 && status !== 413) return;
    const pointer = /^\/payload\/events\/(\d+)/.exec(
      (body as { pointer?: string } | undefined)?.pointer ?? "",
    );
    const culprit = pointer ? this.#underWay[Number(pointer[1])] : undefined;
    if (culprit) this.#drop(culprit);
    else if (this.#underWay.length > 1) this.#batch = Math.ceil(this.#underWay.length / 2);
    else if (this.#underWay[0]) this.#drop(this.#underWay[0]);
  }

  flush(): void {
    this.#flushing = true;
  }

  #drop(event: Event): void {
    this.#options.queue.drop(event);
    this.#options.onDropped(event);
  }
}

function legacyForm(event: Event): LegacyEvent {
  return {
    Timestamp: new Date(event.ts_ms).toISOString(),
    Kind: event.kind,
    Namespace: event.namespace,
    Name: event.name,
    Node: event.node,
    ReasonCode: event.reason,
    Category: event.category,
    Severity: event.severity,
    Message: event.message,
  };
}
