import { namespacePage } from "../../../../views/pages/detail/namespace.ts";
import { autoscalerPage, claimPage, configMapPage } from "../../../../views/pages/detail/small.ts";
import { configMapsOf, claimsOf } from "../../../../views/pages/detail/uses.ts";
import { eventsOf, objectPage, others, problemsWith } from "./object.ts";

/** Pods shown on a namespace's page. */
const topPods = 10;

export const namespaceDetail = objectPage("namespace", "namespaces", ["metrics", "pod"], (found) => {
  const { deps, row, cluster, name } = found;
  const pods = deps.datasource.list("pod", { cluster, namespace: name, sort: "-memory", limit: topPods });
  return namespacePage(found.v, {
    row,
    problems: deps.datasource.problems({ cluster, namespace: name }),
    top: pods.items,
    pods: pods.total,
    ...eventsOf(found, { cluster, namespace: name }),
  });
});

export const configMapDetail = objectPage("configmap", "config", ["pod"], (found) => {
  const { row, cluster, namespace, name } = found;
  return configMapPage(found.v, {
    row,
    users: others(found, "pod", (pod) => configMapsOf(pod).includes(name)),
    ...eventsOf(found, { cluster, kind: "ConfigMap", namespace, name }),
    problems: [],
  });
});

export const claimDetail = objectPage("persistentvolumeclaim", "config", ["pod"], (found) => {
  const { row, cluster, namespace, name } = found;
  return claimPage(found.v, {
    row,
    users: others(found, "pod", (pod) => claimsOf(pod).includes(name)),
    ...eventsOf(found, { cluster, kind: "PersistentVolumeClaim", namespace, name }),
    problems: problemsWith(found, cluster, [{ kind: "PersistentVolumeClaim", namespace, name }]),
  });
});

export const autoscalerDetail = objectPage("horizontalpodautoscaler", "workloads", [], (found) => {
  const { row, cluster, namespace, name } = found;
  return autoscalerPage(found.v, {
    row,
    users: [],
    ...eventsOf(found, { cluster, kind: "HorizontalPodAutoscaler", namespace, name }),
    problems: problemsWith(found, cluster, [{ kind: "HorizontalPodAutoscaler", namespace, name }]),
  });
});
