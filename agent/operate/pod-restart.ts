import { listInPages } from "../kube/list.ts";
import type { KubeObject, OwnerReference } from "../kube/object.ts";
import { resourcePath, resources } from "../kube/resource.ts";
import type { PodObject } from "../project/kube.ts";
import { badRequest } from "./args.ts";
import { checkExpected, nameOf, pathOf, type Place } from "./change.ts";
import { type Judgement, observe, told } from "./observe.ts";
import type { Json, Operation, OperationContext } from "./operation.ts";
import { deletePod, podPlace, refuseMirror } from "./pod-delete.ts";
import { controllerOf, isFinished, isReady, podSelectorOf, troubleOf } from "./pods.ts";

/**
 * The pod that is to go, and the pods that its controller had then, by the beginnings of their UIDs: a pod that is
 * not among them is new.
 */
type Before = { uid: string; owner: { kind: string; name: string; uid: string }; pods: string[] };

/** A crash loop is not waited out: after so long its state is the answer. */
const newPodMs = 180_000;

/** Deletes a pod so that its controller makes a new one. */
export const podRestart: Operation = {
  type: "PodRestart",
  async run(ctx) {
    const place = podPlace(ctx);
    const namespace = place.namespace!;
    const before = (ctx.before as Before | undefined) ?? (await look(ctx, place));
    await deletePod(ctx, place, before.uid);
    const labelSelector = await podSelectorOf(ctx, namespace, before.owner as OwnerReference);
    const watched = { resource: resources.pods, namespace, labelSelector, keep };
    const observed = await observe(
      ctx,
      watched,
      (pods) => judgeRestart(pods as unknown as PodObject[], place, before),
      Math.min(ctx.verifyMs, newPodMs),
    );
    return told(
      `${nameOf(place)} was deleted, for ${before.owner.kind} ${before.owner.name} to make a new one`,
      observed,
    );
  },
};

async function look(ctx: OperationContext, place: Place): Promise<Before> {
  const pod = await ctx.client.json<PodObject>("GET", pathOf(place), { signal: ctx.signal });
  checkExpected(ctx, place, { uid: pod.metadata.uid });
  const owner = controllerOf(pod);
  refuseMirror(pod, place);
  if (owner === undefined)
    throw badRequest(
      `${nameOf(place)} has no controller that would make it again: delete it and create it anew from its manifest.`,
    );
  if (isFinished(pod))
    throw badRequest(
      `${nameOf(place)} has finished (${pod.status!.phase}): there is nothing to restart.${owner.kind === "Job" ? " To run its job again, retry the job." : ""}`,
    );
  const labelSelector = await podSelectorOf(ctx, place.namespace!, owner);
  const { kind, name, uid } = owner;
  const pods = await podsOf(ctx, place.namespace!, uid, labelSelector);
  const before = { uid: pod.metadata.uid!, owner: { kind, name, uid }, pods };
  await ctx.record(before as unknown as Json);
  return before;
}

const short = (uid: string | undefined) => uid!.slice(0, 8);

async function podsOf(
  ctx: OperationContext,
  namespace: string,
  owner: string,
  labelSelector: string | undefined,
): Promise<string[]> {
  let pods: string[] = [];
  const take = (one: KubeObject) => {
    if (controllerOf(one)?.uid === owner) pods.push(short(one.metadata.uid));
  };
  const path = resourcePath(resources.pods, namespace);
  await listInPages(ctx.client, path, { labelSelector }, ctx.signal, take, () => {
    pods = [];
  });
  return pods;
}

/** A controller may have thousands of pods: only what the judgement looks at is kept of each. */
function keep({ metadata, status }: KubeObject): KubeObject {
  const { name, namespace, uid, deletionTimestamp, ownerReferences } = metadata;
  return { metadata: { name, namespace, uid, deletionTimestamp, ownerReferences }, status };
}

/** As many new pods have to be ready as old ones are gone: restarts of several pods do not count the same one. */
function judgeRestart(pods: PodObject[], place: Place, { uid, owner, pods: old }: Before): Judgement {
  const own = pods.filter((one) => controllerOf(one)?.uid === owner.uid);
  if (own.some((one) => one.metadata.uid === uid))
    return { state: "waiting", message: `${place.name} is ending` };
  const there = new Set(own.map((one) => short(one.metadata.uid)));
  const gone = old.filter((one) => !there.has(one)).length;
  const fresh = own.filter(
    (one) => !old.includes(short(one.metadata.uid)) && !one.metadata.deletionTimestamp,
  );
  const ready = fresh.filter((one) => isReady(one) || one.status?.phase === "Succeeded");
  if (ready.length >= Math.max(1, gone))
    return { state: "done", message: `${ready.map((one) => one.metadata.name).join(", ")} is ready` };
  const others = fresh.filter((one) => !ready.includes(one)).map(troubleOf);
  return {
    state: "waiting",
    message: others.length === 0 ? "waiting for a new pod" : `waiting for ${others.join(", ")}`,
  };
}
