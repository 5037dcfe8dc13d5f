import type { Event } from "../../wire/event.ts";

const mostOpen = 10_000;

/** The diagnosed occurrences that are not over, by cluster: what is wrong now. */
export class OpenEvents {
  readonly #clusters = new Map<string, Map<string, Event>>();
  /** Under what each was last shown. */
  readonly #groups = new Map<string, Map<string, string>>();

  /** Takes an event in; gives whether what is open is different now. */
  put(cluster: string, event: Event): boolean {
    if (event.origin !== "diagnosis") return false;
    const events = this.#clusters.get(cluster) ?? new Map<string, Event>();
    this.#clusters.set(cluster, events);
    const known = events.get(event.id);
    if (event.resolved_ts_ms !== undefined) {
      // A late repetition of an occurrence's end does not end the one that began anew since.
      if (known && known.ts_ms <= event.resolved_ts_ms) {
        this.#groups.get(cluster)?.delete(event.id);
        return events.delete(event.id);
      }
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

  /**
   * Under what an occurrence is shown: what its object says, or said last. An object is gone seconds before it is told
   * that nothing is wrong with it any more, and would be a problem of its own meanwhile, no longer its owner's.
   */
  groupOf(cluster: string, { id }: Event, said: string | undefined): string | undefined {
    const groups = this.#groups.get(cluster) ?? new Map<string, string>();
    this.#groups.set(cluster, groups);
    if (said !== undefined && this.#clusters.get(cluster)?.has(id)) groups.set(id, said);
    return said ?? groups.get(id);
  }

  removeCluster(cluster: string): void {
    this.#clusters.delete(cluster);
    this.#groups.delete(cluster);
  }
}
