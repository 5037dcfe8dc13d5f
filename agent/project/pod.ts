import type { ObjectReference } from "../../wire/common.ts";
import type { Pod } from "../../wire/pod.ts";
import { annotationsOf, conditionsOf, controllerOf, filled, some, told } from "./common.ts";
import { containersOf } from "./container.ts";
import type { PodObject } from "./kube.ts";
import { type PodState, podState } from "./pod-state.ts";
import { volumesOf } from "./volume.ts";

/** Tolerations that the DefaultTolerationSeconds admission plugin adds to every pod say nothing of this one. */
const defaultTolerations = new Set(["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]);

/** Marks the API server's copy of a static pod. */
const mirrorAnnotation = "kubernetes.io/config.mirror";

/** `owners`: the chain above the pod, nearest first, where it is known further than the pod itself tells. */
export function projectPod(object: PodObject, owners?: ObjectReference[]): Pod {
  const { metadata, spec, status } = object;
  const state = podState(object);
  const controlledBy = controllerOf(metadata.ownerReferences);
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      cgroupUID: cgroupUIDOf(metadata),
      controlledBy,
      owners: some(owners),
      phase: status?.phase,
      ready: state.ready,
      restarts: state.restarts,
      startTime: status?.startTime,
      createdAt: metadata.creationTimestamp,
      deletedAt: metadata.deletionTimestamp,
      node: told(spec?.nodeName),
      podIP: told(status?.podIP),
      qosClass: status?.qosClass,
      reason: state.reason,
      message: messageOf(object),
      badges: some(badgesOf(object, state)),
    },
    spec: {
      restartPolicy: spec?.restartPolicy,
      priorityClassName: told(spec?.priorityClassName),
      schedulerName: spec?.schedulerName === "default-scheduler" ? undefined : spec?.schedulerName,
      nodeSelector: filled(spec?.nodeSelector),
      tolerations: some(
        spec?.tolerations
          ?.filter((one) => !(defaultTolerations.has(one.key ?? "") && one.tolerationSeconds === 300))
          .map(({ key, operator, value, effect, tolerationSeconds }) => ({
            key,
            operator,
            value,
            effect,
            tolerationSeconds,
          })),
      ),
      affinity: filled(spec?.affinity),
      terminationGracePeriodSeconds: spec?.terminationGracePeriodSeconds,
    },
    containers: containersOf(spec, statuses),
    volumes: volumesOf(spec?.volumes),
    network: {
      podIP: told(status?.podIP),
      podIPs: some(status?.podIPs?.map((one) => one.ip)),
      hostIP: told(status?.hostIP),
      hostNetwork: spec?.hostNetwork || undefined,
      dnsPolicy: spec?.dnsPolicy,
      serviceAccountName: told(spec?.serviceAccountName),
    },
    conditions: conditionsOf(status?.conditions),
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}

/**
 * The kubelet runs a static pod under a UID of its own, the hash of its manifest, and names the cgroup by it; the
 * API server knows only the mirror pod, which has another (pkg/kubelet/types: ConfigHashAnnotationKey).
 */
function cgroupUIDOf({ uid, annotations }: PodObject["metadata"]): string | undefined {
  if (annotations?.[mirrorAnnotation] === undefined) return undefined;
  const hash = annotations["kubernetes.io/config.hash"];
  return hash === uid ? undefined : told(hash);
}

/** Why the pod is as it is, in its own words, or those of its first container that has any. */
function messageOf({ status }: PodObject): string | undefined {
  if (status?.message) return status.message;
  for (const { state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const message = state?.waiting?.message || state?.terminated?.message;
    if (message) return message;
  }
  return told(
    status?.conditions?.find((one) => one.type === "PodScheduled" && one.status === "False")?.message,
  );
}

function badgesOf({ status, spec, metadata }: PodObject, state: PodState): string[] {
  const badges: string[] = [];
  if (state.restarts > 0) badges.push("Restarted");
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  if (containers.some((one) => isOom(one.state) || isOom(one.lastState))) badges.push("OOMKilled");
  if (metadata.annotations?.[mirrorAnnotation]) badges.push("Static");
  if (spec?.hostNetwork) badges.push("HostNetwork");
  if (spec?.containers?.some((one) => one.securityContext?.privileged)) badges.push("Privileged");
  if (status?.resize || status?.conditions?.some((one) => one.type.startsWith("PodResize")))
    badges.push("Resizing");
  return badges;
}

const isOom = (state: { terminated?: { reason?: string } } | undefined): boolean =>
  state?.terminated?.reason === "OOMKilled";
