import { type Static, Type as T } from "@sinclair/typebox";
import type { MaintenanceView } from "../../views/alert-model.ts";
import type { Opening, Standing } from "../../views/schedule-model.ts";
import { Matcher } from "../notify/channels.ts";
import { openingsFrom, ScheduleBody, standingAt, standingOf } from "./times/schedule.ts";

const word = T.Optional(T.String());

/** A window as forms and the API give it. */
export const MaintenanceBody = T.Object({
  name: T.String({ minLength: 1, maxLength: 100, pattern: "^[^\\x00-\\x1f]+$" }),
  reason: T.String({ maxLength: 500, description: "Why." }),
  tenant: word,
  cluster: T.Optional(T.String({ description: "A cluster, by its id or name." })),
  namespace: word,
  matchers: T.Array(Matcher, { maxItems: 20 }),
  schedule: ScheduleBody,
});
export type MaintenanceBody = Static<typeof MaintenanceBody>;

/** Whether a window is open, and until when that stays so. */
export function standingOfWindow(one: MaintenanceView, nowMs: number): Standing {
  return standingOf(
    one,
    () => {
      const fromMs = Math.max(nowMs, one.closedUntilMs ?? 0);
      const found = standingAt([one.schedule], fromMs);
      // It was ended before its time, and is open again when that is over.
      return found.open && fromMs > nowMs ? { open: false, untilMs: fromMs } : found;
    },
    nowMs,
  );
}

export function stateOfWindow(one: MaintenanceView, nowMs: number): "open" | "scheduled" | "over" {
  const { open, untilMs } = standingOfWindow(one, nowMs);
  return open ? "open" : untilMs === undefined ? "over" : "scheduled";
}

/** The openings to come, the one that is open among them. */
export const openingsOfWindow = (one: MaintenanceView, nowMs: number, count: number): Opening[] =>
  openingsFrom(one.schedule, Math.max(nowMs, one.closedUntilMs ?? 0), count);

/** A window that is open, and until when. */
export interface OpenWindow {
  window: MaintenanceView;
  endsMs?: number;
}

export function openWindows(all: readonly MaintenanceView[], nowMs: number): OpenWindow[] {
  return all.flatMap((window) => {
    const { open, untilMs } = standingOfWindow(window, nowMs);
    return open ? { window, ...(untilMs === undefined ? {} : { endsMs: untilMs }) } : [];
  });
}
