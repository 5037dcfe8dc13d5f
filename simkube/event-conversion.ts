import type { Stored } from "./object.ts";

/**
 * Events are kept as core/v1; events.k8s.io/v1 names the same fields otherwise
 * (k8s.io/kubernetes pkg/apis/events/v1/conversion.go).
 */
const names: [core: string, v1: string][] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

export function toEventsV1(event: Stored): Stored {
  return rename(event, "events.k8s.io/v1", names);
}

export function toCoreEvent(event: Stored): Stored {
  return rename(
    event,
    "v1",
    names.map(([core, v1]) => [v1, core]),
  );
}

function rename(event: Stored, apiVersion: string, pairs: [from: string, to: string][]): Stored {
  const renamed: Stored = { ...event, apiVersion };
  for (const [from, to] of pairs) {
    if (event[from] === undefined) continue;
    delete renamed[from];
    renamed[to] = event[from];
  }
  return renamed;
}
