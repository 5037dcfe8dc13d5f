import { resourcePath, resources } from "../kube/resource.ts";
import type {
  ConditionObject,
  DaemonSetObject,
  DeploymentObject,
  LabelSelector,
  PodObject,
  StatefulSetObject,
} from "../project/kube.ts";
import {
  daemonSetRollout,
  deploymentRollout,
  type RolloutState,
  statefulSetRollout,
} from "../project/rollout.ts";
import { getObject, type Place } from "./change.ts";
import { type Judgement, type Observed, observe } from "./observe.ts";
import type { OperationContext } from "./operation.ts";
import { isFinished, isReady, selectorText, troubleOf } from "./pods.ts";

export type Rolling = DeploymentObject | StatefulSetObject | DaemonSetObject;

const judges: Record<string, (object: never) => RolloutState> = {
  Deployment: deploymentRollout,
  StatefulSet: statefulSetRollout,
  DaemonSet: daemonSetRollout,
};

/**
 * Watches a rollout to its end, as `kubectl rollout status` judges it; where it fails, names the pods that do.
 * `begun` is the object as the command left it.
 */
export async function observeRollout(ctx: OperationContext, place: Place, begun: Rolling): Promise<Observed> {
  const observed = await observe(ctx, place, ([object]) =>
    judge(place, object as Rolling | undefined, progressAt(begun)),
  );
  if (observed.verified !== "no") return observed;
  const trouble = await failingPods(ctx, place).catch(() => "");
  return { ...observed, message: `${observed.message}${trouble && ` (${trouble})`}` };
}

function judge({ resource }: Place, object: Rolling | undefined, staleAt: string | undefined): Judgement {
  if (object === undefined) return { state: "failed", message: "it has been deleted" };
  const { phase, message } = judges[resource.kind]!(object as never);
  if (phase === "Complete") return { state: "done", message };
  // A rollout that was stuck before says so on, until its pods make progress: that is not about this change.
  const stuck = phase === "Stuck" && progressAt(object) !== staleAt;
  const state = stuck || phase === "Paused" ? "failed" : "waiting";
  return { state, message: `${message}${replicaFailure(object)}` };
}

const conditionsOf = ({ status }: Rolling) => (status?.conditions ?? []) as ConditionObject[];

const progressAt = (object: Rolling): string | undefined =>
  conditionsOf(object).find((one) => one.type === "Progressing")?.lastUpdateTime;

/** Why no pods are made, such as a quota: its controller tells it in a condition. */
function replicaFailure(object: Rolling): string {
  const failure = conditionsOf(object).find((one) => one.type === "ReplicaFailure" && one.status === "True");
  return failure?.message ? ` (${failure.message})` : "";
}

async function failingPods(ctx: OperationContext, place: Place): Promise<string> {
  const { spec } = await getObject<Rolling>(ctx, place);
  const { items } = await ctx.client.json<{ items: PodObject[] }>(
    "GET",
    resourcePath(resources.pods, place.namespace),
    {
      query: { labelSelector: selectorText(spec!.selector as LabelSelector), limit: 500 },
      signal: ctx.signal,
    },
  );
  const failing = items.filter((pod) => !isReady(pod) && !isFinished(pod) && !pod.metadata.deletionTimestamp);
  const names = failing.slice(0, 5).map(troubleOf);
  return [...names, ...(failing.length > 5 ? [`and ${failing.length - 5} more`] : [])].join(", ");
}
