import { kinds } from "../kinds.ts";
import type { Fields } from "../object.ts";
import { quantity } from "./quantity.ts";
import type { Usage } from "./usage.ts";
import type { World } from "./world.ts";

/** What quotas count and autoscalers see. */
export function runUpkeep(world: World, usage: Usage): void {
  for (const quota of world.rest.store.list(kinds.resourcequotas)) {
    const pods = world
      .pods()
      .filter(
        (pod) =>
          pod.metadata.namespace === quota.metadata.namespace &&
          !["Succeeded", "Failed"].includes(pod.status.phase),
      );
    const sum = (resource: string) =>
      pods
        .flatMap((pod) => pod.spec.containers)
        .reduce((total, one) => total + quantity(one.resources?.requests?.[resource]), 0);
    const used: Fields = {
      pods: String(pods.length),
      "requests.cpu": `${Math.round(sum("cpu") * 1000)}m`,
      "requests.memory": `${Math.round(sum("memory") / 2 ** 20)}Mi`,
    };
    world.setStatus(kinds.resourcequotas, quota, { hard: quota.spec?.hard as Fields, used });
  }
  for (const scaler of world.rest.store.list(kinds.horizontalpodautoscalers)) {
    const target = scaler.spec?.scaleTargetRef as { name: string };
    const { namespace } = scaler.metadata;
    const deployment = world.rest.store.get(kinds.deployments, namespace, target.name);
    const pods = world
      .pods()
      .filter((pod) => pod.metadata.namespace === namespace && pod.metadata.labels?.app === target.name);
    const shares = pods.map(
      (pod) => usage.of(pod).cpuCores / (quantity(pod.spec.containers[0]?.resources?.requests?.cpu) || 1),
    );
    const average =
      Math.round((shares.reduce((total, one) => total + one, 0) / Math.max(1, shares.length)) * 10) * 10;
    world.setStatus(kinds.horizontalpodautoscalers, scaler, {
      observedGeneration: 1,
      currentReplicas: Number(deployment?.status?.replicas ?? 0),
      desiredReplicas: Number(deployment?.spec?.replicas ?? 0),
      currentMetrics: [
        { type: "Resource", resource: { name: "cpu", current: { averageUtilization: average } } },
      ],
      conditions: [
        {
          type: "AbleToScale",
          status: "True",
          reason: "ReadyForNewScale",
          message: "recommended size matches current size",
        },
        {
          type: "ScalingActive",
          status: "True",
          reason: "ValidMetricFound",
          message:
            "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
        },
      ],
    });
  }
}
