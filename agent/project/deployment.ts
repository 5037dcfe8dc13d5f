import type { Deployment, ReplicaSetOfDeployment } from "../../wire/deployment.ts";
import { annotationsOf, conditionsOf, filled, selectorOf, selectorText, some } from "./common.ts";
import type { DeploymentObject, ReplicaSetObject } from "./kube.ts";
import { deploymentRollout } from "./rollout.ts";
import { imagesOf, templateOf } from "./template.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";

/** Without its ReplicaSets: `joinRevisions` brings those, since they change on their own. */
export function projectDeployment(object: DeploymentObject): Omit<Deployment, "replicaSets"> {
  const { metadata, spec, status } = object;
  const rollout = deploymentRollout(object);
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      strategy: spec?.strategy?.type,
      replicas: spec?.replicas ?? 1,
      updated: status?.updatedReplicas ?? 0,
      ready: status?.readyReplicas ?? 0,
      available: status?.availableReplicas ?? 0,
      unavailable: status?.unavailableReplicas ?? 0,
      paused: spec?.paused || undefined,
      createdAt: metadata.creationTimestamp,
      selector: selectorText(spec?.selector),
    },
    spec: {
      replicas: spec?.replicas ?? 1,
      selector: selectorOf(spec?.selector),
      strategy: spec?.strategy,
      minReadySeconds: spec?.minReadySeconds,
      revisionHistoryLimit: spec?.revisionHistoryLimit,
      progressDeadlineSeconds: spec?.progressDeadlineSeconds,
    },
    template: templateOf(spec?.template),
    status: {
      observedGeneration: status?.observedGeneration,
      replicas: status?.replicas ?? 0,
      updatedReplicas: status?.updatedReplicas ?? 0,
      readyReplicas: status?.readyReplicas ?? 0,
      availableReplicas: status?.availableReplicas ?? 0,
      unavailableReplicas: status?.unavailableReplicas ?? 0,
      conditions: conditionsOf(status?.conditions),
    },
    rollout: { ...rollout, badges: rollout.phase === "Complete" ? undefined : [rollout.phase] },
    annotations: annotationsOf(metadata.annotations),
    labels: filled(metadata.labels),
  };
}

/** A Deployment's ReplicaSet: one revision of its template. */
export function projectRevision({ metadata, spec, status }: ReplicaSetObject): ReplicaSetOfDeployment {
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    revision: metadata.annotations?.[revisionAnnotation],
    replicas: spec?.replicas ?? 1,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
    createdAt: metadata.creationTimestamp,
    images: some(imagesOf(spec?.template)),
  };
}

/** The fields that ReplicaSets bring into their Deployment. */
export function joinRevisions(revisions: readonly ReplicaSetOfDeployment[]): Pick<Deployment, "replicaSets"> {
  return { replicaSets: some(revisions.toSorted(byRevision)) };
}

/** Newest first; equal ones by name, so that the order does not depend on when each was heard of. */
function byRevision(a: ReplicaSetOfDeployment, b: ReplicaSetOfDeployment): number {
  return Number(b.revision ?? 0) - Number(a.revision ?? 0) || (a.name < b.name ? -1 : 1);
}
