import type { HorizontalPodAutoscaler } from "../../wire/workloads.ts";
import { annotationsOf, conditionsOf, filled, some } from "./common.ts";
import type { AutoscalerObject } from "./kube.ts";

type MetricSpec = NonNullable<NonNullable<AutoscalerObject["spec"]>["metrics"]>[number];
type MetricStatus = NonNullable<NonNullable<AutoscalerObject["status"]>["currentMetrics"]>[number];
interface Target {
  averageUtilization?: number;
  averageValue?: string;
  value?: string;
}

export function projectAutoscaler({ metadata, spec, status }: AutoscalerObject): HorizontalPodAutoscaler {
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      createdAt: metadata.creationTimestamp,
      target: spec && { kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name },
      minReplicas: spec?.minReplicas ?? 1,
      maxReplicas: spec?.maxReplicas,
      currentReplicas: status?.currentReplicas ?? 0,
      desiredReplicas: status?.desiredReplicas ?? 0,
      lastScaleTime: status?.lastScaleTime,
      metrics: some(spec?.metrics?.map((one, index) => metricText(one, status?.currentMetrics?.[index]))),
    },
    status: { conditions: conditionsOf(status?.conditions) },
    labels: filled(metadata.labels),
    annotations: annotationsOf(metadata.annotations),
  };
}

/** One metric as `kubectl get hpa` has it: `cpu: 43%/80%`, `<unknown>` where it could not be had. */
function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  const { name, target } = named(spec);
  const current = status && named(status).current;
  const value = (one: Target | undefined) => {
    if (one?.averageUtilization !== undefined) return `${one.averageUtilization}%`;
    return one?.averageValue ?? one?.value;
  };
  return `${name}: ${value(current) ?? "<unknown>"}/${value(target) ?? "<none>"}`;
}

/** The metric's name with its target or current value, whichever side it is of. */
function named(metric: MetricSpec | MetricStatus): { name: string; target?: Target; current?: Target } {
  const { resource, containerResource, pods, object, external } = metric;
  if (resource) return { ...resource, name: resource.name };
  if (containerResource) return { ...containerResource, name: containerResource.name };
  const other = pods ?? object ?? external;
  return { ...(other as object), name: other?.metric.name ?? metric.type };
}
