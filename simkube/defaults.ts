import type { Kind } from "./kinds.ts";
import { type Fields, isFields, type Stored } from "./object.ts";

/** Fills in what the real API server fills in and readers rely on. Changes the object, which is not stored yet. */
export function applyDefaults(kind: Kind, object: Stored): void {
  switch (kind.kind) {
    case "Namespace":
      object.spec ??= { finalizers: ["kubernetes"] };
      object.status ??= { phase: "Active" };
      object.metadata.labels = {
        "kubernetes.io/metadata.name": object.metadata.name,
        ...object.metadata.labels,
      };
      return;
    case "Pod":
      if (isFields(object.spec)) podDefaults(object.spec);
      object.status ??= { phase: "Pending", qosClass: qosOf(object.spec) };
      return;
    case "Deployment":
      workloadDefaults(object, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
      fill(object.spec, {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      });
      return;
    case "ReplicaSet":
      workloadDefaults(object, { replicas: 1 });
      return;
    case "StatefulSet":
      workloadDefaults(object, {
        replicas: 1,
        revisionHistoryLimit: 10,
        podManagementPolicy: "OrderedReady",
      });
      fill(object.spec, { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } } });
      return;
    case "DaemonSet":
      workloadDefaults(object, { revisionHistoryLimit: 10 });
      fill(object.spec, {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      });
      return;
    case "Job":
      workloadDefaults(object, { backoffLimit: 6, completions: 1, parallelism: 1, suspend: false });
      return;
    case "Service":
      fill(object.spec, { type: "ClusterIP", sessionAffinity: "None", internalTrafficPolicy: "Cluster" });
      object.status ??= { loadBalancer: {} };
      return;
    case "PersistentVolumeClaim":
      object.status ??= { phase: "Pending" };
      return;
  }
}

function workloadDefaults(object: Stored, defaults: Fields): void {
  fill(object.spec, defaults);
  const template = isFields(object.spec?.template) ? object.spec.template : undefined;
  if (isFields(template?.spec)) podDefaults(template.spec, object.kind === "Job");
  object.status ??= {};
}

function podDefaults(spec: Fields, ofJob = false): void {
  fill(spec, {
    restartPolicy: ofJob ? "OnFailure" : "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    securityContext: {},
  });
  for (const list of [spec.containers, spec.initContainers]) {
    if (!Array.isArray(list)) continue;
    for (const container of list) {
      if (!isFields(container)) continue;
      const image = String(container.image ?? "");
      fill(container, {
        imagePullPolicy: /:latest$/.test(image) || !/[:@][^/]*$/.test(image) ? "Always" : "IfNotPresent",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      });
    }
  }
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qosOf(spec: Fields | undefined): string {
  const containers = (Array.isArray(spec?.containers) ? spec.containers : []).filter(isFields);
  const resources = containers.map((one) => (isFields(one.resources) ? one.resources : {}));
  const part = (value: unknown) => (isFields(value) ? value : {});
  if (
    resources.every(
      ({ requests, limits }) => Object.keys({ ...part(requests), ...part(limits) }).length === 0,
    )
  )
    return "BestEffort";
  const guaranteed = resources.every(({ requests, limits }) =>
    ["cpu", "memory"].every(
      (name) =>
        part(limits)[name] !== undefined &&
        (part(requests)[name] === undefined || part(requests)[name] === part(limits)[name]),
    ),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}

function fill(target: Fields | undefined, defaults: Fields): void {
  if (target === undefined) return;
  for (const [field, value] of Object.entries(defaults)) target[field] ??= structuredClone(value);
}
