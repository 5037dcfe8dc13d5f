import { expect, test } from "bun:test";
import type {
  AutoscalerObject,
  ClaimObject,
  DaemonSetObject,
  DeploymentObject,
  JobObject,
  NodeObject,
  ReplicaSetObject,
  StatefulSetObject,
} from "../../project/kube.ts";
import { at } from "../../testing/objects.ts";
import { ProbeSilence } from "../probe-silence.ts";
import { autoscalerFindings } from "./autoscaler.ts";
import { claimFindings } from "./claim.ts";
import { jobFindings } from "./job.ts";
import { nodeFindings } from "./node.ts";
import { serviceFindings } from "./service.ts";
import {
  daemonSetFindings,
  deploymentFindings,
  replicaSetFindings,
  statefulSetFindings,
} from "./workload.ts";

const atMs = Date.parse(at);
const metadata = {
  name: "web",
  namespace: "shop",
  uid: "u",
  creationTimestamp: "2025-01-01T00:00:00Z",
  generation: 1,
};
const as = <T>(object: object) => ({ metadata, ...object }) as unknown as T;
const condition = (type: string, status: string, reason?: string, message?: string) => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: at,
});

const node = (...conditions: object[]) => nodeFindings(as<NodeObject>({ status: { conditions } }));

test("a healthy or cordoned node has no findings", () => {
  expect(
    node(
      condition("Ready", "True"),
      condition("MemoryPressure", "False"),
      condition("NetworkUnavailable", "False"),
    ),
  ).toEqual([]);
});

test("a node that is not ready, or silent, is critical, as one problem that changes its reason", () => {
  const [notReady] = node(condition("Ready", "False", "KubeletNotReady", "container runtime is down"));
  expect(notReady).toMatchObject({
    reason: "NotReady",
    severity: "critical",
    sinceMs: atMs,
    message: "the node is not ready: container runtime is down",
  });
  const [silent] = node(
    condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status."),
  );
  expect(silent).toMatchObject({ reason: "NodeStatusUnknown", severity: "critical" });
  expect(silent!.family).toBe(notReady!.family);
});

test("pressures are warnings, each on its own", () => {
  const all = ["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => condition(type, "True"));
  expect(node(condition("Ready", "True"), ...all).map((one) => `${one.reason} ${one.severity}`)).toEqual([
    "MemoryPressure warning",
    "DiskPressure warning",
    "PIDPressure warning",
  ]);
});

test("a node has a minute to join before it is said not to be ready", () => {
  const young = { ...metadata, creationTimestamp: at };
  const object = { metadata: young, status: { conditions: [condition("Ready", "False")] } };
  expect(nodeFindings(object as unknown as NodeObject)).toMatchObject([{ holdMs: 60_000 }]);
});

const deployment = (replicas: number, available: number, ...conditions: object[]) =>
  deploymentFindings(
    as<DeploymentObject>({
      spec: { replicas },
      status: {
        observedGeneration: 1,
        replicas,
        updatedReplicas: replicas,
        availableReplicas: available,
        conditions,
      },
    }),
  );

test("a deployment with all its replicas, or scaled to none, has no findings", () => {
  expect(deployment(3, 3, condition("Progressing", "True", "NewReplicaSetAvailable"))).toEqual([]);
  expect(deployment(0, 0)).toEqual([]);
});

test("lacking some replicas is a warning and lacking all is critical; a rollout gets more time", () => {
  const done = condition("Progressing", "True", "NewReplicaSetAvailable");
  expect(deployment(3, 1, done)).toMatchObject([
    {
      reason: "ReplicasUnavailable",
      severity: "warning",
      holdMs: 20_000,
      message: "1 of 3 replicas is available",
    },
  ]);
  expect(deployment(3, 0, done)).toMatchObject([{ reason: "NoReplicasAvailable", severity: "critical" }]);
  expect(deployment(3, 0, condition("Progressing", "True", "ReplicaSetUpdated"))).toMatchObject([
    { holdMs: 60_000 },
  ]);
});

test("a rollout past its deadline is critical at once and tells how far it is", () => {
  expect(deployment(3, 2, condition("Progressing", "False", "ProgressDeadlineExceeded"))).toMatchObject([
    {
      reason: "ProgressDeadlineExceeded",
      severity: "critical",
      message: "the rollout makes no progress: 3 of 3 replicas updated, 2 available",
      sinceMs: atMs,
    },
  ]);
});

test("pods that cannot be created at all are a finding with the API server's words", () => {
  const failure = condition("ReplicaFailure", "True", "FailedCreate", 'exceeded quota: "compute"');
  const found = deployment(2, 2, condition("Progressing", "True", "NewReplicaSetAvailable"), failure);
  expect(found).toMatchObject([
    {
      reason: "FailedCreate",
      severity: "warning",
      message: 'pods cannot be created: exceeded quota: "compute"',
    },
  ]);
});

test("stateful sets, daemon sets and lone ReplicaSets that lack replicas are found likewise", () => {
  const stateful = {
    spec: { replicas: 3 },
    status: { observedGeneration: 1, updatedReplicas: 3, readyReplicas: 2, availableReplicas: 2 },
  };
  expect(statefulSetFindings(as<StatefulSetObject>(stateful))).toMatchObject([
    { reason: "ReplicasUnavailable" },
  ]);
  const daemon = { status: { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3 } };
  expect(daemonSetFindings(as<DaemonSetObject>(daemon))).toMatchObject([
    { reason: "NoReplicasAvailable", severity: "critical" },
  ]);
  expect(
    daemonSetFindings(as<DaemonSetObject>({ status: { observedGeneration: 1, desiredNumberScheduled: 0 } })),
  ).toEqual([]);
  expect(replicaSetFindings(as<ReplicaSetObject>({ spec: { replicas: 1 }, status: {} }))).toHaveLength(1);
});

test("a failed job is a finding; of a CronJob for a day, since newer ones follow it", () => {
  const failed = {
    status: {
      failed: 4,
      conditions: [
        condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
      ],
    },
  };
  expect(jobFindings(as<JobObject>(failed))).toMatchObject([
    {
      reason: "BackoffLimitExceeded",
      message: "the job failed after 4 failed pods: Job has reached the specified backoff limit",
      untilMs: undefined,
    },
  ]);
  const owned = { ...metadata, ownerReferences: [{ kind: "CronJob", name: "c", controller: true }] };
  expect(jobFindings(as<JobObject>({ ...failed, metadata: owned }))[0]!.untilMs).toBe(atMs + 86_400_000);
  expect(jobFindings(as<JobObject>({ status: { conditions: [condition("Complete", "True")] } }))).toEqual([]);
});

test("a service whose selector leads nowhere is a finding after 30 s; others are fed by hand", () => {
  const service = { type: "ClusterIP", selector: { app: "web" }, ready: 0, total: 0 };
  expect(serviceFindings(service)).toMatchObject([
    {
      reason: "NoReadyEndpoints",
      holdMs: 30_000,
      message: "the service leads nowhere: no running pod matches app=web",
    },
  ]);
  expect(serviceFindings({ ...service, total: 3 })[0]!.message).toContain("none of its 3 endpoints is ready");
  for (const well of [
    { ready: 1, total: 2 },
    { selector: undefined },
    { selector: {} },
    { type: "ExternalName" },
  ])
    expect(serviceFindings({ ...service, ...well })).toEqual([]);
});

test("an unbound claim is a finding after 30 s, unless it waits for its first consumer", () => {
  const claim = (phase: string) =>
    as<ClaimObject>({
      metadata: { ...metadata, creationTimestamp: at },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fast",
        resources: { requests: { storage: "1Gi" } },
      },
      status: { phase },
    });
  expect(claimFindings(claim("Pending"), false)).toMatchObject([
    {
      reason: "Unbound",
      sinceMs: atMs,
      holdMs: 30_000,
      message: "the claim (1Gi, ReadWriteOnce) has no volume; its storage class is fast",
    },
  ]);
  expect(claimFindings(claim("Pending"), true)).toEqual([]);
  expect(claimFindings(claim("Bound"), false)).toEqual([]);
  expect(claimFindings(claim("Lost"), false)).toMatchObject([{ reason: "Lost", severity: "critical" }]);
});

test("an autoscaler without metrics is a warning, one at its maximum is told, one that rests is not", () => {
  const hpa = (...conditions: object[]) =>
    autoscalerFindings(as<AutoscalerObject>({ spec: { maxReplicas: 5 }, status: { conditions } }));
  expect(hpa(condition("ScalingActive", "False", "FailedGetResourceMetric", "no metrics"))).toMatchObject([
    { reason: "FailedGetResourceMetric", severity: "warning", holdMs: 60_000 },
  ]);
  expect(hpa(condition("ScalingLimited", "True", "TooManyReplicas"))).toMatchObject([
    {
      reason: "TooManyReplicas",
      severity: "info",
      message: "more replicas are needed than the autoscaler's maximum of 5",
    },
  ]);
  expect(
    hpa(
      condition("ScalingActive", "False", "ScalingDisabled"),
      condition("ScalingLimited", "True", "TooFewReplicas"),
      condition("AbleToScale", "True"),
    ),
  ).toEqual([]);
});

test("a probe that was heard is missed after a minute; one that never was, never", () => {
  const silence = new ProbeSilence();
  expect(silence.findings("n1", 1e12)).toEqual([]);
  silence.heard("n1", 1000);
  expect(silence.findings("n1", 60_999)).toEqual([]);
  expect(silence.findings("n1", 61_000)).toMatchObject([{ reason: "ProbeSilent", sinceMs: 1000 }]);
  silence.expect("n1", 5);
  expect(silence.findings("n1", 61_000)[0]!.sinceMs).toBe(1000);
  silence.forget("n1");
  expect([...silence.nodes]).toEqual([]);
});
