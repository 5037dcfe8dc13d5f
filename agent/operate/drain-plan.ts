import type { PodObject } from "../project/kube.ts";
import { controllerOf, isFinished, isMirror } from "./pods.ts";

export interface DrainOptions {
  ignoreDaemonSets: boolean;
  deleteEmptyDirData: boolean;
  force: boolean;
}

/** `skipped`: it stays, as it should; `refused`: it must not go unless an option allows it. */
export interface Judged {
  pod: PodObject;
  verdict: "evict" | "skipped" | "refused";
  /** Behind the pod's name, in words: `is run by a DaemonSet`. */
  why: string;
}

/** What a drain does with each pod of a node: the filters of `kubectl drain`, in their order. */
export function judgePods(pods: readonly PodObject[], options: DrainOptions): Judged[] {
  return pods.map((pod) => ({ pod, ...judge(pod, options) }));
}

function judge(pod: PodObject, options: DrainOptions): Omit<Judged, "pod"> {
  if (isMirror(pod))
    return { verdict: "skipped", why: "is a static pod, which its kubelet runs from a file" };
  if (isFinished(pod)) return { verdict: "evict", why: "has finished" };
  const controller = controllerOf(pod);
  if (controller?.kind === "DaemonSet")
    return options.ignoreDaemonSets
      ? { verdict: "skipped", why: "is run by a DaemonSet, which would start it here again" }
      : { verdict: "refused", why: "is run by a DaemonSet (ignoreDaemonSets leaves such pods)" };
  const local = pod.spec?.volumes?.some((volume) => "emptyDir" in volume) ?? false;
  if (local && !options.deleteEmptyDirData)
    return {
      verdict: "refused",
      why: "has data in an emptyDir, which would be lost (deleteEmptyDirData allows it)",
    };
  if (controller === undefined && !options.force)
    return { verdict: "refused", why: "has no controller that would make it again (force allows it)" };
  if (local) return { verdict: "evict", why: "loses the data of its emptyDir" };
  if (controller === undefined) return { verdict: "evict", why: "is gone for good: nobody makes it again" };
  return { verdict: "evict", why: "" };
}
