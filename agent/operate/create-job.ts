import { KubeError } from "../kube/error.ts";
import { resourcePath, resources } from "../kube/resource.ts";
import type { JobObject } from "../project/kube.ts";
import { fieldManager, getObject, nameOf, type Place } from "./change.ts";
import { type Judgement, type Observed, observe } from "./observe.ts";
import { commandAnnotation, type OperationContext, OperationError } from "./operation.ts";

/** A job that runs for hours has started well after seconds: only that is waited for. */
const startMs = 120_000;

/** A name that only this command makes from this name; with the pods' suffixes it still is a label (63). */
export function derivedName(ctx: OperationContext, base: string, word: string): string {
  const hash = new Bun.CryptoHasher("sha256").update(ctx.command.id).digest("hex").slice(0, 8);
  const room = 57 - word.length - hash.length - 2;
  return `${base.slice(0, room).replace(/[-.]+$/, "")}-${word}-${hash}`;
}

/** What is recorded before a job is created. */
export type Begun = { job: string; atMs: number };
export type NewJobOf = Pick<JobObject, "spec"> & { metadata: object };

/** Longer after it was begun, a job that is not there may as well have ended and been cleaned away. */
const repeatMs = 600_000;

/**
 * Creates a job under a name derived from the command; the one that an earlier attempt created is taken as it is.
 * Where that may have come and gone already, it is not created a second time.
 */
export async function createJob(
  ctx: OperationContext,
  place: Place,
  job: NewJobOf,
  begun: Begun | undefined,
): Promise<JobObject> {
  if (begun !== undefined) {
    const there = await getObject<JobObject>(ctx, place).catch(absent);
    const shortLived = job.spec?.ttlSecondsAfterFinished !== undefined;
    if (there === undefined && (shortLived || Date.now() - begun.atMs > repeatMs))
      throw new OperationError(
        "ExecuteError",
        `An earlier attempt may have created ${nameOf(place)}, which is not there any more: it is not created twice.`,
      );
  }
  const { annotations, ...metadata } = job.metadata as { annotations?: Record<string, string> };
  const body = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...metadata,
      name: place.name,
      namespace: place.namespace,
      annotations: { ...annotations, [commandAnnotation]: ctx.command.id },
    },
    spec: job.spec,
  };
  try {
    return await ctx.client.json<JobObject>("POST", resourcePath(resources.jobs, place.namespace), {
      body,
      query: { fieldManager },
    });
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
    const there = await getObject<JobObject>(ctx, place);
    if (there.metadata.annotations?.[commandAnnotation] === ctx.command.id) return there;
    throw new OperationError("Conflict", `There is a ${nameOf(place)} already, which is not this command's.`);
  }
}

function absent(error: unknown): undefined {
  if (!(error instanceof KubeError && error.status === 404)) throw error;
}

export const observeStart = (ctx: OperationContext, place: Place): Promise<Observed> =>
  observe(ctx, place, ([job]) => judge(job as JobObject | undefined), Math.min(startMs, ctx.verifyMs));

function judge(job: JobObject | undefined): Judgement {
  if (job === undefined) return { state: "failed", message: "it is gone" };
  const { conditions = [], active = 0, ready = 0, succeeded = 0, failed = 0 } = job.status ?? {};
  const is = (type: string) => conditions.find((one) => one.type === type && one.status === "True");
  if (is("Complete")) return { state: "done", message: "it has completed" };
  const failure = is("Failed");
  if (failure)
    return { state: "failed", message: `it has failed: ${failure.message ?? failure.reason ?? ""}` };
  if (ready > 0 || succeeded > 0) return { state: "done", message: "it runs" };
  if (is("Suspended")) return { state: "failed", message: "it is suspended" };
  const tries = failed > 0 ? `, ${failed} pods have failed` : "";
  return { state: "waiting", message: `${active > 0 ? "its pod is starting" : "it has no pod yet"}${tries}` };
}

/** The command that takes a created job away again. */
export const undoOfJob = (place: Place, uid: string | undefined) => ({
  type: "ResourceDelete",
  target: { apiVersion: "batch/v1", kind: "Job", ns: place.namespace!, name: place.name },
  args: { expect: { uid } },
});
