import type { Event } from "../../wire/event.ts";
import { type EventObject, projectEvent } from "../diagnose/kubernetes-event.ts";
import type { resources } from "../kube/resource.ts";
import type { Tracker } from "./tracker.ts";

/** Of an Event nothing is kept once it is handed on but whether it has changed: there are very many. */
interface EventItem {
  count: number;
  lastMs: number;
  event: Event | undefined;
}

/** Events under one of the two APIs; each new or changed one is told once. */
export function trackEvents(
  resource: typeof resources.events | typeof resources.eventsV1,
  tell: (event: Event) => void,
): Tracker<EventItem> {
  return {
    resource,
    items: new Map(),
    project(object) {
      const event = projectEvent(object as unknown as EventObject);
      return { count: event.count ?? 1, lastMs: event.ts_ms, event };
    },
    same: (a, b) => a.count === b.count && a.lastMs === b.lastMs,
    change(change) {
      if (change.type === "delete" || change.item.event === undefined) return;
      tell(change.item.event);
      change.item.event = undefined;
    },
  };
}
