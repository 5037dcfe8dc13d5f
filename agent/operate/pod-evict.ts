import { pause } from "../kube/backoff.ts";
import { flag, wholeNumber } from "./args.ts";
import { getObject, nameOf, type Place } from "./change.ts";
import { tryEvict } from "./evict.ts";
import { told } from "./observe.ts";
import { type Operation, type OperationContext, OperationError, type Outcome } from "./operation.ts";
import { lookAtPod, observeGone, podPlace, refuseMirror } from "./pod-delete.ts";
import type { PodObject } from "../project/kube.ts";

/** How often a budget is asked again, as `kubectl drain` does. */
const againMs = 5000;
const waitSeconds = 300;

/**
 * Evicts a pod, as its PodDisruptionBudgets allow. `args`: gracePeriodSeconds; waitSeconds, how long a budget
 * that blocks it is waited for (300); dryRun, which asks the budgets and evicts nothing: `data` {blockedBy?}.
 */
export const podEvict: Operation = {
  type: "PodEvict",
  async run(ctx) {
    const place = podPlace(ctx);
    const grace = wholeNumber(ctx.command, "gracePeriodSeconds");
    const waitMs = (wholeNumber(ctx.command, "waitSeconds") ?? waitSeconds) * 1000;
    if (flag(ctx.command, "dryRun")) return asked(ctx, place);
    const { uid } = await lookAtPod(ctx, place);
    await evict(ctx, place, uid, grace, waitMs);
    return told(`${nameOf(place)} was evicted`, await observeGone(ctx, place, uid));
  },
};

async function asked(ctx: OperationContext, place: Place): Promise<Outcome> {
  const pod = await getObject<PodObject>(ctx, place);
  refuseMirror(pod, place);
  const result = await tryEvict(ctx, place, pod.metadata.uid!, undefined, true);
  if (result.state !== "blocked") return { message: `${nameOf(place)} can be evicted now.`, data: {} };
  return {
    message: `${nameOf(place)} cannot be evicted now: ${result.blockedBy}.`,
    data: { blockedBy: result.blockedBy },
  };
}

async function evict(
  ctx: OperationContext,
  place: Place,
  uid: string,
  grace: number | undefined,
  waitMs: number,
): Promise<void> {
  const untilMs = Date.now() + waitMs;
  for (;;) {
    const result = await tryEvict(ctx, place, uid, grace);
    if (result.state === "gone") return;
    if (result.state === "replaced") {
      if (ctx.before !== undefined) return;
      throw new OperationError(
        "Conflict",
        `${nameOf(place)} has been replaced by another of its name since.`,
      );
    }
    const leftMs = untilMs - Date.now();
    if (leftMs <= 0)
      throw new OperationError("Blocked", `${nameOf(place)} was not evicted: ${result.blockedBy}.`);
    ctx.progress({ message: `Waiting for a budget: ${result.blockedBy}` });
    await pause(Math.min(againMs, leftMs), AbortSignal.any([ctx.signal, ctx.hurry]));
    if (ctx.signal.aborted) throw ctx.signal.reason;
    if (ctx.hurry.aborted)
      throw new OperationError(
        "Blocked",
        `${nameOf(place)} was not evicted: ${result.blockedBy}. Another command for it waits.`,
      );
  }
}
