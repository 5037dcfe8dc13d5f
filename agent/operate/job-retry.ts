import { resources } from "../kube/resource.ts";
import type { JobObject } from "../project/kube.ts";
import { badRequest, workloadPlace } from "./args.ts";
import { checkExpected, getObject, nameOf, type Place } from "./change.ts";
import { type Begun, createJob, type NewJobOf, derivedName, observeStart, undoOfJob } from "./create-job.ts";
import { told } from "./observe.ts";
import type { Json, Operation, OperationContext } from "./operation.ts";

/** What the job controller put there for the old job, and would refuse in a new one. */
const ownLabels = [
  "controller-uid",
  "job-name",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
];
const ownAnnotations = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "batch.kubernetes.io/job-tracking",
];

/** Runs a failed job again: a new one, made of the old one's template. The old one stays as it is. */
export const jobRetry: Operation = {
  type: "JobRetry",
  async run(ctx) {
    const place = workloadPlace(ctx.command, [resources.jobs]);
    const name = derivedName(ctx, place.name, "retry");
    const job: Place = { ...place, name };
    // What is recorded is the whole new job: the old one may be gone when this is tried again.
    const recorded = ctx.before as (Begun & { made: NewJob }) | undefined;
    if (recorded !== undefined) await ctx.record(recorded);
    const made = recorded?.made ?? (await prepare(ctx, place, name));
    const created = await createJob(ctx, job, made as unknown as NewJobOf, recorded);
    return {
      ...told(`${nameOf(job)} was created from ${nameOf(place)}`, await observeStart(ctx, job)),
      data: { job: name },
      undo: undoOfJob(job, created.metadata.uid),
    };
  },
};

type NewJob = { metadata: Json; spec: Json };

async function prepare(ctx: OperationContext, place: Place, name: string): Promise<NewJob> {
  const { metadata, spec, status } = await getObject<JobObject>(ctx, place);
  checkExpected(ctx, place, { uid: metadata.uid });
  const ended = (type: string) =>
    status?.conditions?.some((one) => one.type === type && one.status === "True");
  if (ended("Complete")) throw badRequest(`${nameOf(place)} has completed: there is nothing to run again.`);
  if (!ended("Failed")) throw badRequest(`${nameOf(place)} has not failed: it is still tried.`);
  const { selector: _, ...rest } = spec!;
  const template = structuredClone(rest.template);
  if (template.metadata?.labels) template.metadata.labels = without(template.metadata.labels, ownLabels);
  const made = {
    metadata: {
      labels: without(metadata.labels, ownLabels),
      annotations: without(metadata.annotations, ownAnnotations),
      ownerReferences: metadata.ownerReferences?.map(({ blockOwnerDeletion: _, ...owner }) => owner),
    },
    // With a selector of its own the new pods would be the old job's too.
    spec: { ...rest, template, manualSelector: undefined, suspend: undefined },
  };
  const plain = JSON.parse(JSON.stringify(made)) as NewJob;
  await ctx.record({ job: name, atMs: Date.now(), made: plain });
  return plain;
}

const without = (map: Record<string, string> | undefined, keys: string[]) =>
  Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !keys.includes(key)));
