import type { EventQuery, StoredEvent } from "../../../views/event-model.ts";
import type { SeenEvents } from "../../database/events/store.ts";

const eventsAtOnce = 200;
/** So few reasons are one query each, which finds theirs alone. */
const fewReasons = 8;

/** Stored events, the newest first; undefined where others may be let in. */
export function* pastEvents(
  events: SeenEvents,
  query: EventQuery,
  reasons: readonly string[] | undefined,
): Generator<StoredEvent | undefined> {
  const asked = reasons && reasons.length <= fewReasons ? reasons : [undefined];
  for (const reason of asked) {
    let cursor: string | undefined;
    do {
      const page = events.search({
        ...query,
        limit: eventsAtOnce,
        ...(reason === undefined ? {} : { reason }),
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const one of page.items) if (!reasons || reasons.includes(one.reason)) yield one;
      cursor = page.next;
      yield undefined;
    } while (cursor !== undefined);
  }
}
