import type { Event } from "../../wire/event.ts";

/**
 * Events on their way to the master: the newest form of each, in the order in which they were first told.
 * Bounded: while the master is away the oldest are dropped, and counted.
 */
export class EventQueue {
  readonly #capacity: number;
  readonly #byId = new Map<string, Event>();
  readonly #urgent = new Set<string>();
  #dropped = 0;
  #oldestMs = Number.POSITIVE_INFINITY;
  #urgentMs = Number.POSITIVE_INFINITY;
  onPut: () => void = () => {};

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byId.size;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** When the oldest, and the oldest urgent one, came; Infinity where there is none. */
  get oldestMs(): number {
    return this.#oldestMs;
  }
  get urgentMs(): number {
    return this.#urgentMs;
  }

  /** `urgent`: somebody may wait for it; it is not to wait for others. */
  put(event: Event, urgent = false): void {
    const now = Date.now();
    this.#byId.set(event.id, event);
    if (this.#oldestMs === Number.POSITIVE_INFINITY) this.#oldestMs = now;
    if (urgent && this.#urgent.size === 0) this.#urgentMs = now;
    if (urgent) this.#urgent.add(event.id);
    if (this.#byId.size > this.#capacity) {
      const oldest = this.#byId.keys().next().value!;
      this.#byId.delete(oldest);
      this.#urgent.delete(oldest);
      this.#dropped++;
    }
    this.onPut();
  }

  /** What waits under one id goes on under another. */
  rename(from: string, to: string): void {
    const event = this.#byId.get(from);
    if (event === undefined || !this.#byId.delete(from)) return;
    this.#byId.set(to, { ...event, id: to });
    if (this.#urgent.delete(from)) this.#urgent.add(to);
  }

  /** The first ones, at most `count` and about `bytes` of JSON, without taking them. */
  peek(count: number, bytes: number): { events: Event[]; texts: string[] } {
    const events: Event[] = [];
    const texts: string[] = [];
    let size = 0;
    for (const event of this.#byId.values()) {
      const text = JSON.stringify(event);
      size += text.length;
      if (events.length >= count || (events.length > 0 && size > bytes)) break;
      events.push(event);
      texts.push(text);
    }
    return { events, texts };
  }

  /** They are with the master: those that have not changed in the meantime are done. */
  remove(events: readonly Event[]): void {
    for (const event of events) {
      if (this.#byId.get(event.id) !== event) continue;
      this.#byId.delete(event.id);
      this.#urgent.delete(event.id);
    }
    this.#oldestMs = this.#byId.size > 0 ? Date.now() : Number.POSITIVE_INFINITY;
    this.#urgentMs = this.#urgent.size > 0 ? Date.now() : Number.POSITIVE_INFINITY;
  }

  /** One that the master will never take. */
  drop(event: Event): void {
    this.remove([event]);
    this.#dropped++;
  }
}
