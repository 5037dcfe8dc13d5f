import { controllerOf, msOf } from "../../project/common.ts";
import { jobCondition } from "../../project/job.ts";
import type { JobObject } from "../../project/kube.ts";
import { type Finding, plural } from "../finding.ts";
import { withCause } from "./container.ts";

/** A CronJob keeps its last failed Job for as long as no other fails: it is news for a day. */
const cronJobMs = 24 * 3_600_000;

export function jobFindings(job: JobObject): Finding[] {
  const condition = jobCondition(job);
  if (condition?.type !== "Failed") return [];
  const sinceMs = msOf(condition.lastTransitionTime);
  const ofCronJob = controllerOf(job.metadata.ownerReferences)?.kind === "CronJob";
  const failed = job.status?.failed ?? 0;
  return [
    {
      family: "failed",
      reason: condition.reason ?? "Failed",
      severity: "warning",
      category: "workload",
      message: withCause(
        `the job failed${failed > 0 ? ` after ${plural(failed, "failed pod")}` : ""}`,
        condition.message,
      ),
      sinceMs,
      untilMs: ofCronJob && sinceMs !== undefined ? sinceMs + cronJobMs : undefined,
    },
  ];
}
