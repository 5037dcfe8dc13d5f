import type { KubeObject, OwnerReference } from "../kube/object.ts";
import { type Resource, resources } from "../kube/resource.ts";
import type { LabelSelector, PodObject } from "../project/kube.ts";
import { getObject } from "./change.ts";
import type { OperationContext } from "./operation.ts";

export const controllerOf = (object: {
  metadata: { ownerReferences?: unknown };
}): OwnerReference | undefined =>
  (object.metadata.ownerReferences as OwnerReference[] | undefined)?.find((one) => one.controller);

export const isReady = (pod: PodObject): boolean =>
  pod.status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false;

export const isFinished = (pod: PodObject): boolean =>
  pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";

/** A static pod, as the API shows it: its kubelet makes it again from a file whatever happens here. */
export const isMirror = (pod: PodObject): boolean =>
  pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;

/** A selector as the API takes it in a query. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === "Exists") return key;
    if (operator === "DoesNotExist") return `!${key}`;
    return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
  });
  return [...equal, ...others].join(",");
}

/** Whether a selector selects what has these labels; an empty one selects everything, none nothing. */
export function selects(selector: LabelSelector | undefined, labels: Record<string, string> = {}): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (!Object.entries(matchLabels).every(([key, value]) => labels[key] === value)) return false;
  return matchExpressions.every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const within = value !== undefined && values.includes(value);
    return operator === "In" ? within : !within;
  });
}

const controllers: Record<string, Resource> = {
  Deployment: resources.deployments,
  ReplicaSet: resources.replicasets,
  StatefulSet: resources.statefulsets,
  DaemonSet: resources.daemonsets,
  Job: resources.jobs,
};

/** What selects the pods of a controller; undefined where it is of a kind that is not known here, or gone. */
export async function podSelectorOf(
  ctx: OperationContext,
  namespace: string,
  { kind, name }: OwnerReference,
): Promise<string | undefined> {
  const resource = controllers[kind];
  if (resource === undefined) return undefined;
  const owner = await getObject<KubeObject>(ctx, { resource, namespace, name }).catch(() => undefined);
  const selector = (owner?.spec as { selector?: LabelSelector } | undefined)?.selector;
  return selector && selectorText(selector);
}

/** Why a pod does not run, as its containers tell it: `main: CrashLoopBackOff`. */
export function troubleOf(pod: PodObject): string {
  const { conditions, initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const waiting = [...initContainerStatuses, ...containerStatuses].flatMap(({ name, state, ready }) => {
    if (state?.waiting?.reason) return [`${name}: ${state.waiting.reason}`];
    if (state?.terminated && state.terminated.exitCode !== 0)
      return [`${name}: ended with ${state.terminated.exitCode}`];
    return ready || !state?.running ? [] : [`${name}: not ready`];
  });
  const unscheduled = conditions?.find((one) => one.type === "PodScheduled" && one.status === "False");
  if (unscheduled) waiting.unshift(unscheduled.message ?? "not scheduled");
  return `${pod.metadata.name} (${waiting.join(", ") || (pod.status?.phase ?? "Pending")})`;
}
