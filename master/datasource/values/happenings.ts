import type { Event } from "../../../wire/event.ts";
import type { Happening } from "./happening.ts";

const dayMs = 24 * 3_600_000;
const mostKept = 10_000;

/** The events that were stored before: the newest first, as many as wanted at most. */
export type PastEvents = (
  cluster: string,
  fromMs: number,
  cursor: string | undefined,
) => { items: readonly Event[]; next?: string };

/**
 * What happened in a cluster within a day, from when a rule asks for it on: then what is stored of the time before is
 * read, a page at a time, and what comes is taken as it comes.
 */
export class Happenings {
  #all: Happening[] = [];
  /** Of each event how often it has come, and when last. */
  #known = new Map<string, { count: number; atMs: number }>();
  #state: "unasked" | "reading" | "read" = "unasked";
  readonly #cluster: string;
  readonly #failed: (error: unknown) => void;

  constructor(cluster: string, failed: (error: unknown) => void) {
    this.#cluster = cluster;
    this.#failed = failed;
  }

  /** What is known of the last day; undefined while it is still read. */
  since(past: PastEvents | undefined, now: number): readonly Happening[] | undefined {
    if (this.#state === "unasked") {
      this.#state = past ? "reading" : "read";
      if (past) void this.#read(past, now - dayMs);
    }
    if (this.#state !== "read") return undefined;
    this.#forget(now - dayMs);
    return this.#all;
  }

  take(event: Event): void {
    if (this.#state === "unasked") return;
    const count = Math.max(1, event.count ?? 1);
    const before = this.#known.get(event.id);
    // Again the newest, so that it is forgotten last.
    this.#known.delete(event.id);
    this.#known.set(event.id, { count: Math.max(count, before?.count ?? 0), atMs: event.ts_ms });
    const more = count - (before?.count ?? 0);
    if (more <= 0) return;
    const happening = happeningOf(event);
    this.#all.push({ ...happening, fromMs: before?.atMs ?? happening.fromMs, count: more });
  }

  async #read(past: PastEvents, fromMs: number): Promise<void> {
    try {
      let cursor: string | undefined;
      do {
        await Bun.sleep(1);
        const page = past(this.#cluster, fromMs, cursor);
        // What has come meanwhile is newer than what is stored.
        for (const one of page.items) if (!this.#known.has(one.id)) this.take(one);
        cursor = page.next;
      } while (cursor !== undefined && this.#all.length < mostKept);
    } catch (error) {
      this.#failed(error);
    }
    this.#all.sort((a, b) => a.atMs - b.atMs);
    this.#state = "read";
  }

  #forget(beforeMs: number): void {
    const old = this.#all.findIndex(({ atMs }) => atMs >= beforeMs);
    const over = Math.max(old < 0 ? this.#all.length : old, this.#all.length - mostKept);
    if (over > 0) this.#all.splice(0, over);
    for (const [id, { atMs }] of this.#known) {
      if (atMs >= beforeMs && this.#known.size <= mostKept) break;
      this.#known.delete(id);
    }
  }
}

/** All times that an event has come, as one. */
export function happeningOf(event: Event): Happening {
  const message = event.message ?? "";
  return {
    kind: event.kind,
    namespace: event.namespace ?? "",
    name: event.name,
    node: event.node ?? "",
    reason: event.reason,
    severity: event.severity,
    message,
    lower: message.toLowerCase(),
    fromMs: event.first_ts_ms ?? event.ts_ms,
    atMs: event.ts_ms,
    count: Math.max(1, event.count ?? 1),
  };
}
