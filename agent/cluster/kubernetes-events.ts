import type { Event } from "../../wire/event.ts";
import { type EventObject, projectEvent } from "../diagnose/kubernetes-event.ts";
import type { resources } from "../kube/resource.ts";
import type { Tracker } from "./tracker.ts";

/**
 * Events under one of the two APIs; each new or changed one is told once. There are very many, so nothing is
 * kept of one but a number by which it is seen to have changed. What it says is handed on at once: an informer
 * reports a change right after it has projected the object.
 */
export function trackEvents(
  resource: typeof resources.events | typeof resources.eventsV1,
  tell: (event: Event) => void,
): Tracker<number> {
  let latest: Event | undefined;
  return {
    resource,
    items: new Map(),
    project(object) {
      latest = projectEvent(object as unknown as EventObject);
      return latest.ts_ms * 1000 + ((latest.count ?? 1) % 1000);
    },
    change(change) {
      if (change.type === "upsert" && latest !== undefined) tell(latest);
      latest = undefined;
    },
  };
}
