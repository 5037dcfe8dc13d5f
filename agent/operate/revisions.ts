import type { KubeObject } from "../kube/object.ts";
import { resourcePath, resources } from "../kube/resource.ts";
import type { LabelSelector, TemplateSpec } from "../project/kube.ts";
import type { Place } from "./change.ts";
import type { Rolling } from "./observe-rollout.ts";
import type { OperationContext } from "./operation.ts";
import { controllerOf, selectorText } from "./pods.ts";

/** A state of a workload's template that can be gone back to. */
export interface Revision {
  revision: number;
  createdAt: string | undefined;
  changeCause: string | undefined;
  template: TemplateSpec;
}

const revisionKey = "deployment.kubernetes.io/revision";
export const changeCauseKey = "kubernetes.io/change-cause";

/**
 * The revisions that are kept of a workload, newest first: a Deployment's in its ReplicaSets, a StatefulSet's
 * and a DaemonSet's in ControllerRevisions. The first is the current one.
 */
export async function revisionsOf(
  ctx: OperationContext,
  place: Place,
  workload: Rolling,
): Promise<Revision[]> {
  const resource =
    place.resource.kind === "Deployment" ? resources.replicasets : resources.controllerrevisions;
  const labelSelector = selectorText(workload.spec!.selector as LabelSelector);
  const { items } = await ctx.client.json<{ items: KubeObject[] }>(
    "GET",
    resourcePath(resource, place.namespace),
    { query: { labelSelector }, signal: ctx.signal },
  );
  return items
    .filter((one) => controllerOf(one)?.uid === workload.metadata.uid)
    .map(place.resource.kind === "Deployment" ? ofReplicaSet : ofControllerRevision)
    .filter((one) => one.revision > 0)
    .sort((a, b) => b.revision - a.revision);
}

function ofReplicaSet({ metadata, spec }: KubeObject): Revision {
  const template = structuredClone((spec as { template: TemplateSpec }).template);
  delete template.metadata?.labels?.["pod-template-hash"];
  return {
    revision: Number(metadata.annotations?.[revisionKey] ?? 0),
    createdAt: metadata.creationTimestamp,
    changeCause: metadata.annotations?.[changeCauseKey],
    template,
  };
}

function ofControllerRevision({ metadata, data, revision }: KubeObject): Revision {
  const { $patch: _, ...template } = (data as { spec: { template: TemplateSpec & { $patch?: string } } }).spec
    .template;
  return {
    revision: Number(revision ?? 0),
    createdAt: metadata.creationTimestamp,
    changeCause: metadata.annotations?.[changeCauseKey],
    template,
  };
}
