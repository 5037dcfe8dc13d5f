import { resources } from "../kube/resource.ts";
import type {
  AutoscalerObject,
  DeploymentObject,
  ReplicaSetObject,
  StatefulSetObject,
} from "../project/kube.ts";
import { badRequest, wholeNumber, workloadPlace } from "./args.ts";
import { changeObject, checkExpected, nameOf, type Place } from "./change.ts";
import { observe, told } from "./observe.ts";
import { type Operation, type OperationContext, OperationError } from "./operation.ts";
import { resourcePath } from "../kube/resource.ts";

type Scalable = DeploymentObject | StatefulSetObject | ReplicaSetObject;

/** Sets the number of replicas, an absolute one. `args`: replicas. */
export const scaleWorkload: Operation = {
  type: "ScaleWorkload",
  async run(ctx) {
    const { command } = ctx;
    const place = workloadPlace(command, [
      resources.deployments,
      resources.statefulsets,
      resources.replicasets,
    ]);
    const replicas = wholeNumber(command, "replicas");
    if (replicas === undefined) throw badRequest("ScaleWorkload needs replicas, a whole number.");
    const scaler = await autoscalerOf(ctx, place);
    const { before, object, same } = await changeObject<Scalable, { replicas: number }>(ctx, place, {
      read(found) {
        const owner = found.metadata.ownerReferences?.find((one) => one.controller);
        if (owner !== undefined)
          throw badRequest(`${nameOf(place)} is scaled by its ${owner.kind} ${owner.name}: scale that.`);
        const now = found.spec?.replicas ?? 1;
        checkExpected(ctx, place, { uid: found.metadata.uid, replicas: now }, { replicas: "replicas are" });
        return { replicas: now };
      },
      make(copy) {
        copy.spec!.replicas = replicas;
      },
    });
    const note =
      scaler === undefined
        ? ""
        : ` HorizontalPodAutoscaler ${scaler} scales it too, and may change it again.`;
    if (same)
      return { message: `${nameOf(place)} has ${replicas} replicas already.${note}`, verified: "none" };
    const observed = await observe(ctx, place, ([seen]) =>
      judgeScale(seen as Scalable | undefined, replicas),
    );
    const from = before === undefined ? "" : ` from ${before.replicas}`;
    const { message, verified } = told(
      `${nameOf(place)} was scaled${from} to ${replicas} replicas`,
      observed,
    );
    return {
      message: `${message}${note}`,
      verified,
      undo: before && {
        type: command.type,
        target: command.target,
        args: { replicas: before.replicas, expect: { uid: object.metadata.uid, replicas } },
      },
    };
  },
};

function judgeScale(workload: Scalable | undefined, replicas: number) {
  if (workload === undefined) return { state: "failed" as const, message: "it has been deleted" };
  const { observedGeneration = 0, readyReplicas = 0, replicas: there = 0 } = workload.status ?? {};
  const seen = observedGeneration >= (workload.metadata.generation ?? 0);
  const now = workload.spec?.replicas ?? 1;
  if (now !== replicas)
    return { state: "failed" as const, message: `somebody has set it to ${now} replicas` };
  return {
    state:
      seen && readyReplicas === replicas && there === replicas ? ("done" as const) : ("waiting" as const),
    message: `${readyReplicas} of ${replicas} replicas are ready${there > replicas ? `, ${there - replicas} still to end` : ""}`,
    done: readyReplicas,
    total: replicas,
  };
}

/** The autoscaler that would set the number again; where they may not be listed, none is known of. */
async function autoscalerOf(
  ctx: OperationContext,
  { resource, namespace, name }: Place,
): Promise<string | undefined> {
  const path = resourcePath(resources.horizontalpodautoscalers, namespace);
  const list = await ctx.client
    .json<{ items: AutoscalerObject[] }>("GET", path, { signal: ctx.signal })
    .catch((error: unknown) => {
      if (ctx.signal.aborted || error instanceof OperationError) throw error;
      return { items: [] };
    });
  return list.items.find(
    ({ spec }) => spec?.scaleTargetRef.kind === resource.kind && spec.scaleTargetRef.name === name,
  )?.metadata.name;
}
