import type { Event } from "../../wire/event.ts";

const mostOpen = 10_000;

/** The diagnosed occurrences that are not over, by cluster: what is wrong now. */
export class OpenEvents {
  readonly #clusters = new Map<string, Map<string, Event>>();

  /** Takes an event in; gives whether what is open is different now. */
  put(cluster: string, event: Event): boolean {
    if (event.origin !== "diagnosis") return false;
    const events = this.#clusters.get(cluster) ?? new Map<string, Event>();
    this.#clusters.set(cluster, events);
    const known = events.get(event.id);
    if (event.resolved_ts_ms !== undefined) {
      // A late repetition of an occurrence's end does not end the one that began anew since.
      if (known && known.ts_ms <= event.resolved_ts_ms) return events.delete(event.id);
      return false;
    }
    if (known && known.ts_ms > event.ts_ms) return false;
    if (!known && events.size >= mostOpen) return false;
    events.set(event.id, event);
    return true;
  }

  any(cluster: string): boolean {
    return (this.#clusters.get(cluster)?.size ?? 0) > 0;
  }

  of(cluster: string): Iterable<Event> {
    return this.#clusters.get(cluster)?.values() ?? [];
  }

  removeCluster(cluster: string): void {
    this.#clusters.delete(cluster);
  }
}
