import type { Job } from "../../../wire/workloads.ts";
import type { Standing } from "../entry.ts";
import { parseTime } from "../../../wire/values.ts";
import { controllers, critical, images, info, type KindFacts, labelLines, ok, warning } from "./facts.ts";

function standing({ summary }: Job): Standing {
  const startMs = parseTime(summary.startTime) || parseTime(summary.createdAt);
  switch (summary.state) {
    case "Failed":
      return critical("Failed", summary.message || summary.reason || "the job failed", startMs);
    case "Complete":
      return ok("Complete", parseTime(summary.completionTime) || startMs);
    case "Suspended":
      return info("Suspended", "it is suspended", startMs);
  }
  const failed = summary.failed ?? 0;
  if (failed > 0)
    return warning(
      summary.state ?? "Running",
      `${failed} of its pods failed, ${summary.backoffLimit ?? 6} retries are allowed`,
      startMs,
    );
  return ok(summary.state ?? "Running", startMs);
}

export const job: KindFacts<Job> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  owners: ({ summary }) => controllers(summary),
  search: (item) => [...labelLines(item.labels), ...images(item.template?.containers)],
  columns: {
    completions: ({ summary }) => summary.completions ?? 0,
    succeeded: ({ summary }) => summary.succeeded ?? 0,
    failed: ({ summary }) => summary.failed ?? 0,
    active: ({ summary }) => summary.active ?? 0,
    started: ({ summary }) => parseTime(summary.startTime),
    duration: ({ summary }) =>
      summary.completionTime ? parseTime(summary.completionTime) - parseTime(summary.startTime) : -1,
    owner: ({ summary }) => summary.controlledBy?.name,
  },
};
