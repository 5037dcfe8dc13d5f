import { resources } from "../kube/resource.ts";
import type { CronJobObject } from "../project/kube.ts";
import { workloadPlace } from "./args.ts";
import { checkExpected, getObject, nameOf, type Place } from "./change.ts";
import { type Begun, createJob, derivedName, observeStart, undoOfJob } from "./create-job.ts";
import { told } from "./observe.ts";
import type { Operation } from "./operation.ts";

/** Starts a job of a CronJob now, as `kubectl create job --from` does. */
export const cronJobTrigger: Operation = {
  type: "CronJobTrigger",
  async run(ctx) {
    const place = workloadPlace(ctx.command, [resources.cronjobs]);
    const name = derivedName(ctx, place.name, "manual");
    const job: Place = { resource: resources.jobs, namespace: place.namespace, name };
    const { metadata, spec } = await getObject<CronJobObject>(ctx, place);
    checkExpected(ctx, place, { uid: metadata.uid });
    const begun = ctx.before as Begun | undefined;
    await ctx.record(begun ?? { job: name, atMs: Date.now() });
    const { jobTemplate } = spec!;
    const made = await createJob(
      ctx,
      job,
      {
        metadata: {
          labels: jobTemplate.metadata?.labels,
          annotations: {
            ...jobTemplate.metadata?.annotations,
            "cronjob.kubernetes.io/instantiate": "manual",
          },
          // Without blockOwnerDeletion, which would need a right on the CronJob's finalizers.
          ownerReferences: [
            {
              apiVersion: "batch/v1",
              kind: "CronJob",
              name: place.name,
              uid: metadata.uid,
              controller: true,
            },
          ],
        },
        spec: jobTemplate.spec,
      },
      begun,
    );
    return {
      ...told(`${nameOf(job)} was created from ${nameOf(place)}`, await observeStart(ctx, job)),
      data: { job: name },
      undo: undoOfJob(job, made.metadata.uid),
    };
  },
};
