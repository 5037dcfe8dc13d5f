import { kinds } from "../kinds.ts";
import type { Fields } from "../object.ts";
import { createPod } from "./replicas.ts";
import { as, controllerOf, type Job, ownerReference } from "./types.ts";
import { type World, withCondition } from "./world.ts";

/** Runs each Job's pods until enough have succeeded or too many failed. */
export function runJobs(world: World): void {
  for (const job of world.rest.store.list(kinds.jobs).map(as<Job>)) {
    const { conditions } = job.status;
    if (
      conditions?.some((one) => (one.type === "Complete" || one.type === "Failed") && one.status === "True")
    )
      continue;
    const pods = world.podsOf(job);
    const failed = pods.filter((pod) => pod.status.phase === "Failed").length;
    const succeeded = pods.filter((pod) => pod.status.phase === "Succeeded").length;
    const active = pods.length - failed - succeeded;
    const at = world.rest.timestamp();
    const status: Job["status"] = { startTime: job.status.startTime ?? at, active, failed, succeeded };
    for (const field of ["active", "failed", "succeeded"] as const)
      if (status[field] === 0) delete status[field];
    if (succeeded >= job.spec.completions) {
      Object.assign(status, {
        completionTime: at,
        conditions: withCondition(
          conditions,
          {
            type: "Complete",
            status: "True",
            reason: "CompletionsReached",
            message: "Reached expected number of succeeded pods",
          },
          at,
        ),
      });
      world.event(kinds.jobs, job, "Normal", "Completed", "Job completed", "job-controller");
    } else if (failed > job.spec.backoffLimit) {
      const message = "Job has reached the specified backoff limit";
      status.conditions = withCondition(
        conditions,
        { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message },
        at,
      );
      world.event(kinds.jobs, job, "Warning", "BackoffLimitExceeded", message, "job-controller");
    } else if (active === 0 && !job.spec.suspend) {
      const name = `${job.metadata.name}-${world.suffix()}`;
      const { uid } = job.metadata;
      const labels = {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": job.metadata.name,
        "job-name": job.metadata.name,
      };
      createPod(world, job, job.spec.template, name, { labels });
      world.event(kinds.jobs, job, "Normal", "SuccessfulCreate", `Created pod: ${name}`, "job-controller");
      status.active = 1;
    }
    world.setStatus(kinds.jobs, job, status);
  }
}

interface CronSpec {
  schedule: string;
  suspend?: boolean;
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;
  jobTemplate: { metadata?: Fields; spec: Fields };
}

/** Makes a Job when a CronJob's minute has come, and forgets the old ones. */
export function runCronJobs(world: World): void {
  for (const cron of world.rest.store.list(kinds.cronjobs)) {
    const spec = cron.spec as unknown as CronSpec;
    const minuteMs = Math.floor(world.nowMs / 60_000) * 60_000;
    const scheduled = new Date(minuteMs).toISOString().replace(".000", "");
    const jobs = world.rest.store
      .list(kinds.jobs, cron.metadata.namespace)
      .filter((job) => controllerOf(job.metadata)?.uid === cron.metadata.uid);
    if (
      !spec.suspend &&
      due(spec.schedule, new Date(minuteMs)) &&
      cron.status?.lastScheduleTime !== scheduled
    ) {
      const name = `${cron.metadata.name}-${minuteMs / 60_000}`;
      if (!world.rest.store.get(kinds.jobs, cron.metadata.namespace, name)) {
        world.rest.create(kinds.jobs, cron.metadata.namespace, {
          metadata: { name, labels: { app: cron.metadata.name }, ownerReferences: [ownerReference(cron)] },
          spec: spec.jobTemplate.spec,
        });
        world.event(
          kinds.cronjobs,
          cron,
          "Normal",
          "SuccessfulCreate",
          `Created job ${name}`,
          "cronjob-controller",
        );
      }
      const last = jobs.findLast((job) => job.status?.completionTime)?.status?.completionTime;
      world.setStatus(kinds.cronjobs, cron, {
        lastScheduleTime: scheduled,
        ...(last ? { lastSuccessfulTime: last } : {}),
      });
    }
    const ended = (type: string) =>
      jobs.filter((job) => ((job.status?.conditions ?? []) as Fields[]).some((one) => one.type === type));
    const old = [
      ...ended("Complete").slice(0, -(spec.successfulJobsHistoryLimit ?? 3) || undefined),
      ...ended("Failed").slice(0, -(spec.failedJobsHistoryLimit ?? 1) || undefined),
    ];
    for (const job of old) world.rest.delete(kinds.jobs, job.metadata.namespace, job.metadata.name);
  }
}

/** The minute and hour fields of a cron schedule: a number, `*`, or a step such as "*" + "/15". */
function due(schedule: string, at: Date): boolean {
  const [minute = "*", hour = "*"] = schedule.split(" ");
  const fits = (field: string, value: number) => {
    const step = /^\*\/(\d+)$/.exec(field);
    return field === "*" || (step ? value % Number(step[1]) === 0 : Number(field) === value);
  };
  return fits(minute, at.getUTCMinutes()) && fits(hour, at.getUTCHours());
}
