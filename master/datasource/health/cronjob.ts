import type { CronJob } from "../../../wire/workloads.ts";
import type { Standing } from "../entry.ts";
import { parseTime } from "../../../wire/values.ts";
import { images, info, type KindFacts, labelLines, minute, ok, patiently, warning } from "./facts.ts";

function standing({ summary }: CronJob, now: number): Standing {
  const scheduledMs = parseTime(summary.lastScheduleTime);
  if (summary.suspended) return info("Suspended", "no new jobs are started", scheduledMs);
  if ((summary.active ?? 0) > 0) return ok("Active", scheduledMs);
  if (scheduledMs > parseTime(summary.lastSuccessfulTime))
    return patiently(
      scheduledMs,
      minute,
      now,
      ok("Scheduled", scheduledMs),
      warning("Scheduled", "its last run did not succeed", scheduledMs),
    );
  return ok("Scheduled", scheduledMs);
}

export const cronjob: KindFacts<CronJob> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [...labelLines(item.labels), ...images(item.template?.containers), item.summary.schedule],
  columns: {
    schedule: ({ summary }) => summary.schedule,
    suspended: ({ summary }) => Number(summary.suspended ?? false),
    active: ({ summary }) => summary.active ?? 0,
    last: ({ summary }) => parseTime(summary.lastScheduleTime),
    success: ({ summary }) => parseTime(summary.lastSuccessfulTime),
  },
};
