import type { AlertView, MaintenanceView, Muted } from "../../views/alert-model.ts";
import type { GroupingChannel } from "./group.ts";
import { openWindows } from "./maintenance.ts";
import { standingOfChannel } from "./times/active.ts";

/** Which windows are open, and which channels active. */
export function standingAt(
  windows: readonly MaintenanceView[],
  channels: readonly Pick<GroupingChannel, "id" | "activeTimes">[],
  now: number,
): string {
  const open = openWindows(windows, now).map(({ window }) => window.id);
  const active = channels.filter((one) => standingOfChannel(one, now).open);
  return [...open, ...active.map((one) => one.id)].join();
}

const says = (one: AlertView | undefined) => one?.annotations.summary;

/** Whether an alert says something else than before. */
export const sayOther = (before: ReadonlyMap<string, AlertView>, after: ReadonlyMap<string, AlertView>) =>
  [...after.values()].some((one) => says(one) !== says(before.get(one.fingerprint)));

const cause = (one: Muted) => (one.by === "inhibition" ? one.fingerprint : one.id);

/** Whether the same is muted, for the same causes. */
export function sameMuted(one: ReadonlyMap<string, Muted>, other: ReadonlyMap<string, Muted>): boolean {
  if (one.size !== other.size) return false;
  for (const [name, muted] of one) {
    const was = other.get(name);
    if (!was || cause(was) !== cause(muted)) return false;
  }
  return true;
}
