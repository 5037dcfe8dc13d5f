import type { Level, Log } from "../kit/log.ts";
import type { CollectorReport } from "../wire/metrics.ts";

/** What happens in the probe, as it is logged. A state is told when it begins and when it ends, not in between. */
export type Events = ReturnType<typeof createEvents>;

export function createEvents(log: Log) {
  const told = new Map<string, string | undefined>();
  let trouble: string | undefined;

  return {
    started(node: string, agent: string | undefined) {
      log("info", "probe started", { node, agent });
    },
    stopped() {
      log("info", "probe stopped");
    },
    /** Called for every collector at every snapshot. */
    collected({ name, absent, error }: CollectorReport) {
      const now = error ?? absent;
      if (told.get(name) === now) return;
      told.set(name, now);
      if (error !== undefined) log("warn", "collector failed", { collector: name, error });
      else if (absent !== undefined) log("info", "not on this machine", { collector: name, reason: absent });
      else log("info", "collector works", { collector: name });
    },
    snapshotFailed(error: string) {
      if (told.get("snapshot") === error) return;
      told.set("snapshot", error);
      log("error", "no snapshot", { error });
    },
    delivered() {
      if (trouble !== undefined) log("info", "snapshots arrive again");
      trouble = undefined;
    },
    /** Called at every failed attempt; the same trouble is told once. */
    notDelivered(reason: string, level: Level = "warn") {
      if (trouble === reason) log("debug", "snapshot not delivered", { reason });
      else log(level, "snapshot not delivered, the newest is kept and tried again", { reason });
      trouble = reason;
    },
  };
}
