import { expect, test } from "bun:test";
import type { Health } from "../../../views/model.ts";
import type { ItemOf, KindKey } from "../../../wire/kinds.ts";
import { factsOf } from "../facts.ts";

const now = Date.UTC(2026, 0, 1, 12);
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
const head = { name: "web", namespace: "shop", createdAt: at(86_400) };

function judge<K extends KindKey>(kind: K, item: ItemOf[K]): [Health, string, string, number] {
  const { health, state, why, sinceMs } = factsOf[kind].standing(item, now);
  return [health, state, why, sinceMs === 0 ? 0 : (now - sinceMs) / 1000];
}
const pod = (summary: object, rest: object = {}) =>
  judge("pod", { summary: { ...head, phase: "Running", ready: "1/1", ...summary }, ...rest });
const ready = (status: string, secondsAgo: number) => ({
  conditions: [{ type: "Ready", status, lastTransitionTime: at(secondsAgo) }],
});

test("a pod that runs with all containers ready is well since it became ready", () => {
  expect(pod({}, ready("True", 50))).toEqual(["ok", "Running", "", 50]);
});

test("a crash loop says which container, how it ended and how often", () => {
  const containers = [
    {
      name: "app",
      status: {
        state: "waiting",
        reason: "CrashLoopBackOff",
        message: "back-off 5m0s restarting failed container",
        restartCount: 12,
        lastTerminatedReason: "OOMKilled",
        lastTerminatedExitCode: 137,
        lastTerminatedAt: at(40),
      },
    },
  ];
  expect(pod({ ready: "0/1", reason: "CrashLoopBackOff" }, { containers })).toEqual([
    "critical",
    "CrashLoopBackOff",
    "container app: back-off 5m0s restarting failed container; last ended with OOMKilled, exit code 137; 12 restarts",
    40,
  ]);
});

test.each([
  "ImagePullBackOff",
  "ErrImagePull",
  "CreateContainerConfigError",
  "InvalidImageName",
  "RunContainerError",
])("a container that waits for %s makes its pod critical, pending or not", (reason) => {
  const containers = [{ name: "app", status: { state: "waiting", reason } }];
  expect(pod({ phase: "Pending", ready: "0/1", reason }, { containers }).slice(0, 2)).toEqual([
    "critical",
    reason,
  ]);
});

test("AtlHyper 1.x tells a crash loop in the summary only, and that is enough", () => {
  expect(pod({ ready: "0/1", reason: "CrashLoopBackOff", message: "back-off" }).slice(0, 3)).toEqual([
    "critical",
    "CrashLoopBackOff",
    "back-off",
  ]);
});

test("a pod that cannot be placed gets a moment, and then says why", () => {
  const conditions = (secondsAgo: number) => ({
    conditions: [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/3 nodes are available: 3 Insufficient cpu.",
        lastTransitionTime: at(secondsAgo),
      },
    ],
  });
  const pending = { phase: "Pending", ready: "0/1" };
  expect(pod(pending, conditions(5))[0]).toBe("info");
  expect(pod(pending, conditions(60))).toEqual([
    "warning",
    "Pending",
    "0/3 nodes are available: 3 Insufficient cpu.",
    60,
  ]);
});

test("what begins or ends gets time for it before it is a fault", () => {
  const starting = { phase: "Pending", reason: "ContainerCreating", ready: "0/1" };
  expect(pod({ ...starting, createdAt: at(20) })[0]).toBe("info");
  expect(pod({ ...starting, createdAt: at(200) })[0]).toBe("warning");
  expect(pod({ deletedAt: at(10), reason: "Terminating" })[0]).toBe("info");
  expect(pod({ deletedAt: at(600), reason: "Terminating" })[0]).toBe("warning");
  expect(pod({ ready: "0/1" }, ready("False", 10))[0]).toBe("info");
  expect(pod({ ready: "0/1" }, ready("False", 100)).slice(0, 2)).toEqual(["warning", "NotReady"]);
});

test("a container that was restarted because of a fault is told for ten minutes", () => {
  const containers = (secondsAgo: number) => ({
    containers: [
      {
        name: "app",
        status: {
          state: "running",
          ready: true,
          lastTerminatedReason: "OOMKilled",
          lastTerminatedExitCode: 137,
          lastTerminatedAt: at(secondsAgo),
        },
      },
    ],
  });
  expect(pod({ restarts: 1 }, containers(60))).toEqual([
    "warning",
    "Running",
    "container app restarted: OOMKilled, exit code 137",
    60,
  ]);
  expect(pod({ restarts: 1 }, containers(700))[0]).toBe("ok");
});

test("pods that are done are well, failed ones are not, and a silent node's are unknown", () => {
  expect(pod({ phase: "Succeeded", reason: "Completed" }).slice(0, 2)).toEqual(["ok", "Completed"]);
  expect(pod({ phase: "Failed", reason: "Error" })[0]).toBe("critical");
  expect(pod({ phase: "Failed", reason: "Evicted", message: "low on memory" }).slice(0, 3)).toEqual([
    "warning",
    "Evicted",
    "low on memory",
  ]);
  expect(pod({ phase: "Failed", controlledBy: { kind: "Job", name: "j" } })[0]).toBe("warning");
  expect(pod({ phase: "Unknown" })[0]).toBe("unknown");
});

test("nodes are judged by their conditions", () => {
  const node = (conditions: object[], more: object = {}) =>
    judge("node", { summary: { name: "n1", ...more }, conditions } as ItemOf["node"]).slice(0, 3);
  const condition = (type: string, status: string, message = "") => ({ type, status, message });
  expect(node([condition("Ready", "True")])).toEqual(["ok", "Ready", ""]);
  expect(node([condition("Ready", "False", "runtime down")])).toEqual([
    "critical",
    "NotReady",
    "runtime down",
  ]);
  expect(node([condition("Ready", "Unknown", "Kubelet stopped posting node status.")])[0]).toBe("critical");
  expect(node([condition("Ready", "True"), condition("DiskPressure", "True", "full")])).toEqual([
    "warning",
    "DiskPressure",
    "full",
  ]);
  expect(node([condition("Ready", "True")], { schedulable: false }).slice(0, 2)).toEqual([
    "info",
    "Cordoned",
  ]);
  expect(node([], { ready: true })[0]).toBe("ok");
  expect(node([], { ready: "False" })[0]).toBe("critical");
});

test("deployments are judged by what is ready of what is wanted, and by how long it is not", () => {
  const deployment = (ready: number, desired: number, more: object = {}) =>
    judge("deployment", {
      summary: { ...head, ready, replicas: desired, updated: desired },
      spec: { replicas: desired },
      ...more,
    });
  const available = (status: string, secondsAgo: number) => ({
    status: { conditions: [{ type: "Available", status, lastTransitionTime: at(secondsAgo) }] },
  });
  expect(deployment(3, 3).slice(0, 2)).toEqual(["ok", "3/3"]);
  expect(deployment(0, 0).slice(0, 2)).toEqual(["info", "0/0"]);
  expect(deployment(1, 3, available("False", 10)).slice(0, 2)).toEqual(["info", "1/3"]);
  expect(deployment(1, 3, available("False", 300))).toEqual(["warning", "1/3", "1 of 3 ready", 300]);
  expect(deployment(0, 3, available("False", 300))[0]).toBe("critical");
  const stuck = { rollout: { phase: "Stuck", message: "ReplicaSet web-2 has timed out progressing." } };
  expect(deployment(3, 3, stuck).slice(0, 3)).toEqual(["warning", "3/3", stuck.rollout.message]);
  expect(deployment(0, 3, stuck)[0]).toBe("critical");
  expect(deployment(3, 3, { rollout: { phase: "Paused" } })[0]).toBe("info");
});

test("stateful and daemon sets and bare ReplicaSets are judged the same way", () => {
  expect(judge("statefulset", { summary: { ...head, replicas: 2, ready: 0 } }).slice(0, 2)).toEqual([
    "critical",
    "0/2",
  ]);
  expect(judge("daemonset", { summary: { ...head, desired: 3, ready: 2 } }).slice(0, 2)).toEqual([
    "warning",
    "2/3",
  ]);
  expect(judge("daemonset", { summary: { ...head, desired: 3, ready: 3, updated: 1 } })[0]).toBe("info");
  expect(judge("replicaset", { summary: { ...head, replicas: 1, ready: 1 } })[0]).toBe("ok");
});

test("jobs and cron jobs are judged by how their runs ended", () => {
  const job = (more: object) => judge("job", { summary: { ...head, ...more } }).slice(0, 2);
  expect(job({ state: "Complete" })).toEqual(["ok", "Complete"]);
  expect(job({ state: "Failed", message: "BackoffLimitExceeded" })).toEqual(["critical", "Failed"]);
  expect(job({ state: "Running", failed: 2 })).toEqual(["warning", "Running"]);
  expect(job({ state: "Suspended" })[0]).toBe("info");
  const cron = (more: object) => judge("cronjob", { summary: { ...head, ...more } }).slice(0, 2);
  expect(cron({ lastScheduleTime: at(500), lastSuccessfulTime: at(490) })).toEqual(["ok", "Scheduled"]);
  expect(cron({ lastScheduleTime: at(500), lastSuccessfulTime: at(9000) })).toEqual(["warning", "Scheduled"]);
  expect(cron({ lastScheduleTime: at(20) })[0]).toBe("ok");
  expect(cron({ lastScheduleTime: at(500), active: 1 })).toEqual(["ok", "Active"]);
  expect(cron({ suspended: true })).toEqual(["info", "Suspended"]);
});

test("services are judged by their endpoints", () => {
  const service = (summary: object, backends?: object) =>
    judge("service", {
      summary: { ...head, ...summary },
      ...(backends ? { backends: { summary: backends } } : {}),
    } as never).slice(0, 2);
  expect(service({ hasSelector: true }, { ready: 2, total: 2 })).toEqual(["ok", "2/2"]);
  expect(service({ hasSelector: true }, { ready: 1, total: 2 })).toEqual(["info", "1/2"]);
  expect(service({ hasSelector: true }, { ready: 0, total: 0 })).toEqual(["warning", "0/0"]);
  expect(service({ hasSelector: false }, { ready: 0, total: 0 })).toEqual(["info", "0/0"]);
  expect(service({ type: "ExternalName" })).toEqual(["ok", "ExternalName"]);
  expect(service({ type: "LoadBalancer" }, { ready: 1, total: 1 })).toEqual(["info", "1/1"]);
});

test("namespaces with a used-up quota, unbound claims and autoscalers that cannot scale need attention", () => {
  const quota = (used: string) => ({
    summary: head,
    quotas: [{ name: "q", hard: { "limits.memory": "1Gi" }, used: { "limits.memory": used } }],
  });
  expect(judge("namespace", quota("1024Mi")).slice(0, 3)).toEqual([
    "warning",
    "Active",
    "quota q: limits.memory 1024Mi of 1Gi used",
  ]);
  expect(judge("namespace", quota("500Mi"))[0]).toBe("ok");
  expect(judge("namespace", { summary: { ...head, phase: "Terminating" } })[0]).toBe("info");
  const claim = (phase: string, createdAt: string) =>
    judge("persistentvolumeclaim", { summary: { ...head, phase, createdAt } })[0];
  expect([
    claim("Bound", at(1)),
    claim("Pending", at(10)),
    claim("Pending", at(500)),
    claim("Lost", at(1)),
  ]).toEqual(["ok", "info", "warning", "critical"]);
  const scaler = (type: string, status: string, reason = "") =>
    judge("horizontalpodautoscaler", {
      summary: { ...head, currentReplicas: 2, desiredReplicas: 5, maxReplicas: 5 },
      status: { conditions: [{ type, status, reason }] },
    }).slice(0, 2);
  expect(scaler("AbleToScale", "True")).toEqual(["ok", "2/5"]);
  expect(scaler("ScalingActive", "False", "FailedGetResourceMetric")).toEqual(["warning", "2/5"]);
  expect(scaler("ScalingActive", "False", "ScalingDisabled")).toEqual(["info", "2/5"]);
  expect(scaler("ScalingLimited", "True")).toEqual(["info", "2/5"]);
});

test("every kind bears the smallest object there can be", () => {
  for (const [kind, facts] of Object.entries(factsOf)) {
    const item = { summary: { name: "a", namespace: "b" } } as never;
    expect([kind, facts.standing(item, now).health]).toEqual([kind, expect.any(String)]);
    for (const column of Object.values(facts.columns)) expect(() => column(item)).not.toThrow();
    expect(facts.search(item)).toBeArray();
  }
});
