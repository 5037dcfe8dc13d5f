import type { AlertView } from "../../views/alert-model.ts";
import type { HistoryEntry } from "../database/alerts.ts";

/** What was read again, as it was known where it is the same: what is known of when it opens stays known with it. */
export function unchanged<T extends { id: string }>(before: readonly T[], read: readonly T[]): T[] {
  const known = new Map(before.map((one) => [one.id, one]));
  return read.map((one) => {
    const was = known.get(one.id);
    return was && JSON.stringify(was) === JSON.stringify(one) ? was : one;
  });
}

/** What of one is not of the other as it is, and what is gone. */
export function difference<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>) {
  return {
    put: [...after].flatMap(([id, one]) => (before.get(id) === one ? [] : [one])),
    gone: [...before].flatMap(([id, one]) => (after.has(id) ? [] : [one])),
  };
}

/** What of an alert has to be known after a restart; the time it was seen last and its words are found again. */
const kept = ({ state, sinceMs, firedMs, resolvedMs, flapping, severity, name, ack }: AlertView) =>
  JSON.stringify([state, sinceMs, firedMs, resolvedMs, flapping, severity, name, ack]);

export interface Changes {
  put: AlertView[];
  removed: string[];
  history: HistoryEntry[];
  /** Those that begin to fire. */
  fired: AlertView[];
}

/** What is different about the alerts, and what is worth remembering of it; in steps. */
export function* differing(
  before: ReadonlyMap<string, AlertView>,
  after: ReadonlyMap<string, AlertView>,
  now: number,
): Generator<void, Changes> {
  const put: AlertView[] = [];
  const history: HistoryEntry[] = [];
  const fired: AlertView[] = [];
  for (const [fingerprint, alert] of after) {
    yield;
    const was = before.get(fingerprint);
    if (was === alert || (was && kept(was) === kept(alert))) continue;
    put.push(alert);
    const entry = (what: HistoryEntry["what"]) =>
      history.push({ fingerprint, atMs: now, what, by: "", note: alert.annotations.summary ?? "" });
    if (alert.state === "firing" && was?.state !== "firing") {
      entry("firing");
      fired.push(alert);
    }
    if (alert.state === "resolved" && was?.state === "firing") entry("resolved");
    if (alert.flapping && !was?.flapping) entry("flapping");
  }
  const removed = [...before.keys()].filter((one) => !after.has(one));
  return { put, removed, history, fired };
}
