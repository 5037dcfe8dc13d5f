import { KubeError } from "../kube/error.ts";
import { resources } from "../kube/resource.ts";
import type { PodObject } from "../project/kube.ts";
import { badRequest, flag, targetText, wholeNumber } from "./args.ts";
import { checkExpected, getObject, nameOf, pathOf, type Place } from "./change.ts";
import { type Observed, observe, told } from "./observe.ts";
import { type Operation, type OperationContext, OperationError } from "./operation.ts";
import { controllerOf, isMirror } from "./pods.ts";

/** Deletes a pod, controlled or not. `args`: gracePeriodSeconds; force, which does not wait for its node. */
export const podDelete: Operation = {
  type: "PodDelete",
  async run(ctx) {
    const place = podPlace(ctx);
    const force = flag(ctx.command, "force") ?? false;
    const grace = force ? 0 : wholeNumber(ctx.command, "gracePeriodSeconds");
    const { uid, owner } = await lookAtPod(ctx, place);
    await deletePod(ctx, place, uid, grace);
    const how = force ? "was deleted at once, without waiting for its node" : "was deleted";
    const next = owner === "" ? "" : `, and ${owner} makes a new one`;
    return told(`${nameOf(place)} ${how}${next}`, await observeGone(ctx, place, uid));
  },
};

export const podPlace = ({ command }: OperationContext): Place => ({
  resource: resources.pods,
  namespace: targetText(command, "ns"),
  name: targetText(command, "pod"),
});

type Before = { uid: string; owner: string };

/** The pod that is meant, recorded; what an earlier attempt recorded where there was one. */
export async function lookAtPod(ctx: OperationContext, place: Place): Promise<Before> {
  if (ctx.before !== undefined) return ctx.before as Before;
  const pod = await getObject<PodObject>(ctx, place);
  checkExpected(ctx, place, { uid: pod.metadata.uid });
  refuseMirror(pod, place);
  const owner = controllerOf(pod);
  const before = { uid: pod.metadata.uid!, owner: owner ? `${owner.kind} ${owner.name}` : "" };
  await ctx.record(before);
  return before;
}

export function refuseMirror(pod: PodObject, place: Place): void {
  if (isMirror(pod))
    throw badRequest(
      `${nameOf(place)} is a static pod: the kubelet of ${pod.spec?.nodeName} runs it from a file there, and deleting it here restarts nothing.`,
    );
}

/** Deletes the pod with this UID and no other; one that is gone already was deleted by an earlier attempt. */
export async function deletePod(
  ctx: OperationContext,
  place: Place,
  uid: string,
  gracePeriodSeconds?: number,
): Promise<void> {
  try {
    await ctx.client.json("DELETE", pathOf(place), {
      body: { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid }, gracePeriodSeconds },
    });
  } catch (error) {
    if (!(error instanceof KubeError) || (error.status !== 404 && error.status !== 409)) throw error;
    // Another pod of that name: the one that was meant is gone, which is what an earlier attempt was for.
    if (ctx.before === undefined && error.status === 409)
      throw new OperationError(
        "Conflict",
        `${nameOf(place)} has been replaced by another of its name since.`,
      );
  }
}

/** Watches until the pod with this UID is gone, for its own grace and a little more at least. */
export function observeGone(ctx: OperationContext, place: Place, uid: string): Promise<Observed> {
  return observe(ctx, place, ([pod]) =>
    pod === undefined || pod.metadata.uid !== uid
      ? { state: "done", message: "it is gone" }
      : { state: "waiting", message: "it is ending" },
  );
}
