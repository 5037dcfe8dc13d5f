import { expect, test } from "bun:test";
import type { TSchema } from "@sinclair/typebox";
import { decode } from "../../wire/check.ts";
import { kinds } from "../../wire/kinds.ts";
import { at, pod, running } from "../testing/objects.ts";
import { annotationsOf, selectorText } from "./common.ts";
import { projectConfigMap } from "./configmap.ts";
import { containersOf, probeText } from "./container.ts";
import { projectCronJob } from "./cronjob.ts";
import { projectDaemonSet } from "./daemonset.ts";
import { joinRevisions, projectDeployment, projectRevision } from "./deployment.ts";
import { projectAutoscaler } from "./horizontalpodautoscaler.ts";
import { projectIngress } from "./ingress.ts";
import { projectJob } from "./job.ts";
import type * as kube from "./kube.ts";
import { joinNamespace, projectLimitRange, projectNamespace, projectQuota } from "./namespace.ts";
import { projectNode } from "./node.ts";
import { projectClaim } from "./persistentvolumeclaim.ts";
import { projectPod } from "./pod.ts";
import { projectReplicaSet } from "./replicaset.ts";
import { daemonSetRollout, deploymentRollout, statefulSetRollout } from "./rollout.ts";
import { joinSlices, projectService, projectSlice } from "./service.ts";
import { projectStatefulSet } from "./statefulset.ts";

const lastApplied = { "kubectl.kubernetes.io/last-applied-configuration": '{"password":"hunter2"}' };
const metadata = {
  name: "web",
  namespace: "shop",
  uid: "u1",
  creationTimestamp: at,
  generation: 2,
  labels: { app: "web" },
  annotations: { ...lastApplied, note: "x" },
  managedFields: [{ manager: "kubectl" }],
  resourceVersion: "12345",
};
const object = <T>(rest: object = {}) => ({ metadata, ...rest }) as unknown as T;
const secretEnv = [
  { name: "PLAIN", value: "hunter2" },
  { name: "SECRET", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
  { name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "EMPTY" },
];
const template = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1", env: secretEnv }] },
};
const workload = {
  spec: { replicas: 3, selector: { matchLabels: { app: "web" } }, template },
  status: { observedGeneration: 2 },
};

/** What arrives: as JSON, of the wire's shape, and nothing that must not leave the cluster. */
function arrived<T>(schema: TSchema, item: unknown): T {
  const text = JSON.stringify(item);
  for (const secret of ["hunter2", "managedFields", "12345", "lastHeartbeatTime"])
    expect(text).not.toContain(secret);
  return decode(schema, JSON.parse(text)) as T;
}

test("every kind arrives in the wire's shape, without secrets, managed fields or what changes by itself", () => {
  const revision = projectRevision(
    object({
      ...workload,
      metadata: { ...metadata, annotations: { "deployment.kubernetes.io/revision": "3" } },
    }),
  );
  const slice = projectSlice(
    object<kube.EndpointSliceObject>({ ports: [{ port: 80 }], endpoints: [{ addresses: ["10.0.0.1"] }] }),
  );
  const items: [keyof typeof kinds, unknown][] = [
    [
      "pod",
      projectPod(
        pod({
          metadata: { annotations: metadata.annotations },
          spec: { containers: template.spec.containers },
        }),
      ),
    ],
    ["node", projectNode(object())],
    ["deployment", { ...projectDeployment(object(workload)), ...joinRevisions([revision]) }],
    ["replicaset", projectReplicaSet(object(workload))],
    ["statefulset", projectStatefulSet(object(workload))],
    ["daemonset", projectDaemonSet(object(workload))],
    ["job", projectJob(object({ spec: { template } }))],
    [
      "cronjob",
      projectCronJob(object({ spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } } })),
    ],
    ["service", { ...projectService(object()), ...JSON.parse(`{${joinSlices([slice])}}`) }],
    ["ingress", projectIngress(object())],
    ["configmap", projectConfigMap(object({ data: { key: "hunter2" } }), 0)],
    ["persistentvolumeclaim", projectClaim(object())],
    ["horizontalpodautoscaler", projectAutoscaler(object())],
    [
      "namespace",
      {
        ...projectNamespace(object()),
        ...joinNamespace({ pods: 1 }, [projectQuota(object())], [projectLimitRange(object())]),
      },
    ],
  ];
  expect(items.map(([kind]) => kind).sort()).toEqual((Object.keys(kinds) as (keyof typeof kinds)[]).sort());
  for (const [kind, item] of items) {
    const { summary } = arrived<{ summary: { name: string; uid: string } }>(kinds[kind].schema, item);
    expect([kind, summary.name.slice(0, 3)]).toEqual([kind, "web"]);
    expect(summary.uid).toBeString();
  }
});

test("variables arrive by name and where they come from, never by value", () => {
  const [container] = containersOf({
    containers: [{ name: "a", env: secretEnv, envFrom: [{ secretRef: { name: "all" }, prefix: "X_" }] }],
  });
  expect(container!.env).toEqual([
    { name: "PLAIN", source: "value" },
    { name: "SECRET", source: "secret db/password" },
    { name: "NAME", source: "field metadata.name" },
    { name: "EMPTY", source: undefined },
    { name: "X_*", source: "secret all" },
  ]);
});

test("a probe is one line, without the headers it sends", () => {
  const httpGet = {
    path: "/healthz",
    port: 8080,
    httpHeaders: [{ name: "Authorization", value: "hunter2" }],
  } as never;
  expect(probeText({ httpGet })).toBe("http :8080/healthz every 10s");
  expect(
    probeText({
      tcpSocket: { port: "db" as never },
      periodSeconds: 5,
      initialDelaySeconds: 30,
      failureThreshold: 6,
    }),
  ).toBe("tcp :db every 5s, after 30s, 6 failures");
  expect(probeText({ exec: { command: ["pg_isready"] }, timeoutSeconds: 3 })).toBe(
    "exec pg_isready every 10s, timeout 3s",
  );
});

test("a heartbeat changes nothing of a node; a condition does", () => {
  const node = (heartbeat: string, ready = "True") =>
    JSON.stringify(
      projectNode(
        object({
          status: {
            conditions: [
              { type: "Ready", status: ready, lastHeartbeatTime: heartbeat, lastTransitionTime: at },
            ],
          },
        }),
      ),
    );
  expect(node("2026-01-01T00:05:00Z")).toBe(node("2026-01-01T00:10:00Z"));
  expect(node("2026-01-01T00:05:00Z")).not.toBe(node("2026-01-01T00:05:00Z", "False"));
});

test("a node's roles, amounts and readiness are what kubectl shows", () => {
  const node = projectNode(
    object({
      metadata: {
        ...metadata,
        labels: { "node-role.kubernetes.io/control-plane": "", "node-role.kubernetes.io/etcd": "" },
      },
      spec: { unschedulable: true, taints: [{ key: "a", effect: "NoSchedule" }] },
      status: {
        capacity: {
          cpu: "4",
          memory: "8Gi",
          pods: "110",
          "ephemeral-storage": "100Gi",
          "nvidia.com/gpu": "1",
        },
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
        conditions: [
          { type: "Ready", status: "False", reason: "KubeletNotReady", message: "no" },
          { type: "DiskPressure", status: "True" },
        ],
      },
    }),
  );
  expect(node.summary).toMatchObject({
    roles: ["control-plane", "etcd"],
    ready: "False",
    schedulable: false,
    reason: "KubeletNotReady",
  });
  expect(node.summary.badges).toEqual(["SchedulingDisabled", "DiskPressure"]);
  expect(node.capacity).toMatchObject({
    ephemeralStorage: "100Gi",
    scalarResources: { "nvidia.com/gpu": "1" },
  });
  expect(node.addresses?.internalIP).toBe("10.0.0.1");
});

test("the random name of the token volume does not make pods differ", () => {
  const shape = (suffix: string) => {
    const name = `kube-api-access-${suffix}`;
    return JSON.stringify(
      projectPod(
        pod({
          spec: {
            containers: [{ name: "a", volumeMounts: [{ name, mountPath: "/x" }] }],
            volumes: [{ name, projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }],
          },
        }),
      ),
    );
  };
  expect(shape("x7k2p")).toBe(shape("abcde"));
});

test("the copy of a static pod names the cgroup that the kubelet made for it", () => {
  const hash = { "kubernetes.io/config.hash": "8b5b4d1e" };
  const mirror = { ...hash, "kubernetes.io/config.mirror": "8b5b4d1e" };
  const cgroup = (metadata: object) => projectPod(pod({ metadata })).summary.cgroupUID;
  expect(cgroup({ annotations: mirror })).toBe("8b5b4d1e");
  expect(cgroup({ uid: "8b5b4d1e", annotations: mirror })).toBeUndefined();
  expect(cgroup({ annotations: hash })).toBeUndefined();
});

test("badges tell what one would look for in a pod", () => {
  const containers = [
    running("web", { restartCount: 2, lastState: { terminated: { reason: "OOMKilled", exitCode: 137 } } }),
  ];
  expect(projectPod(pod({ containers })).summary.badges).toEqual(["Restarted", "OOMKilled"]);
  expect(projectPod(pod()).summary.badges).toBeUndefined();
});

const rollout = (spec: object, status: object, conditions: object[] = []) =>
  deploymentRollout(
    object({ spec: { replicas: 3, ...spec }, status: { observedGeneration: 2, conditions, ...status } }),
  );

test("a deployment's rollout is worded as kubectl rollout status words it", () => {
  expect(rollout({}, { observedGeneration: 1 })).toEqual({
    phase: "Progressing",
    message: "Waiting for deployment spec update to be observed...",
  });
  expect(rollout({}, { replicas: 3, updatedReplicas: 1 })).toEqual({
    phase: "Progressing",
    message: 'Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...',
  });
  expect(rollout({}, { replicas: 4, updatedReplicas: 3 }).message).toBe(
    'Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...',
  );
  expect(rollout({}, { replicas: 3, updatedReplicas: 3, availableReplicas: 2 }).message).toBe(
    'Waiting for deployment "web" rollout to finish: 2 of 3 updated replicas are available...',
  );
  const all = { replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
  expect(rollout({}, all)).toEqual({
    phase: "Complete",
    message: 'deployment "web" successfully rolled out',
  });
  expect(rollout({ paused: true }, { replicas: 3, updatedReplicas: 1 }).phase).toBe("Paused");
  const deadline = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
  expect(rollout({}, { ...all, availableReplicas: 1 }, deadline)).toEqual({
    phase: "Stuck",
    message: 'deployment "web" exceeded its progress deadline',
  });
  const done = [{ type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" }];
  expect(rollout({}, { ...all, availableReplicas: 1 }, done).phase).toBe("Degraded");
});

test("those of stateful sets and daemon sets are, too", () => {
  const stateful = (spec: object, status: object) =>
    statefulSetRollout(
      object({ spec: { replicas: 3, ...spec }, status: { observedGeneration: 2, ...status } }),
    ).message;
  expect(stateful({}, { readyReplicas: 1 })).toBe("Waiting for 2 pods to be ready...");
  expect(
    stateful({}, { readyReplicas: 3, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" }),
  ).toBe("waiting for statefulset rolling update to complete 1 pods at revision b...");
  expect(
    stateful({}, { readyReplicas: 3, currentReplicas: 3, currentRevision: "a", updateRevision: "a" }),
  ).toBe("statefulset rolling update complete 3 pods at revision a...");
  expect(
    stateful(
      { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } },
      { readyReplicas: 3, updatedReplicas: 1 },
    ),
  ).toBe("Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...");
  const daemon = (status: object) =>
    daemonSetRollout(object({ status: { observedGeneration: 2, desiredNumberScheduled: 3, ...status } }));
  expect(daemon({ updatedNumberScheduled: 1 }).message).toBe(
    'Waiting for daemon set "web" rollout to finish: 1 out of 3 new pods have been updated...',
  );
  expect(daemon({ updatedNumberScheduled: 3, numberAvailable: 2 }).message).toBe(
    'Waiting for daemon set "web" rollout to finish: 2 of 3 updated pods are available...',
  );
  expect(daemon({ updatedNumberScheduled: 3, numberAvailable: 3 })).toEqual({
    phase: "Complete",
    message: 'daemon set "web" successfully rolled out',
  });
});

test("ConfigMaps arrive with sizes in bytes, and with the beginning of values only where told to", () => {
  const configMap = object<kube.ConfigMapObject>({
    data: { a: "ümlaut", b: "x".repeat(50) },
    binaryData: { c: btoa("12345678") },
  });
  expect(projectConfigMap(configMap, 0)).toMatchObject({
    summary: { keys: 2, binaryKeys: 1, totalSizeBytes: 57, binaryTotalSizeBytes: 8 },
    data: [
      { key: "a", size: 7 },
      { key: "b", size: 50 },
    ],
    binary: [{ key: "c", size: 8 }],
  });
  expect(JSON.stringify(projectConfigMap(configMap, 0))).not.toContain("mlaut");
  expect(projectConfigMap(configMap, 10).data).toMatchObject([
    { preview: "ümlaut", truncated: false },
    { preview: "x".repeat(10), truncated: true },
  ]);
});

test("a Service's endpoints are counted over all slices, those not ready first", () => {
  const slice = (...endpoints: object[]) =>
    projectSlice(object({ ports: [{ name: "http", port: 80, protocol: "TCP" }], endpoints }));
  const text = joinSlices([
    slice(
      { addresses: ["10.0.0.2"], conditions: { ready: true } },
      { addresses: ["10.0.0.9"], conditions: { ready: false } },
    ),
    slice({ addresses: ["10.0.0.1"], conditions: {} }),
  ]);
  const { backends } = JSON.parse(`{${text}}`);
  expect(backends.summary).toEqual({ ready: 2, notReady: 1, total: 3, slices: 2 });
  expect(backends.ports).toEqual([{ name: "http", port: 80, protocol: "TCP" }]);
  expect(backends.endpoints.map((one: { address: string }) => one.address)).toEqual([
    "10.0.0.9",
    "10.0.0.2",
    "10.0.0.1",
  ]);
});

test("revisions are newest first, with the images by which they are told apart", () => {
  const revision = (name: string, number: string) =>
    projectRevision(
      object({
        ...workload,
        metadata: { ...metadata, name, annotations: { "deployment.kubernetes.io/revision": number } },
      }),
    );
  const { replicaSets } = joinRevisions([revision("a", "9"), revision("b", "10")]);
  expect(replicaSets!.map((one) => `${one.name} ${one.revision} ${one.images}`)).toEqual([
    "b 10 web=web:1",
    "a 9 web=web:1",
  ]);
});

test("an Ingress keeps its rules; its old class annotation counts", () => {
  const ingress = projectIngress(
    object({
      metadata: { ...metadata, annotations: { "kubernetes.io/ingress.class": "nginx" } },
      spec: {
        tls: [{ hosts: ["a"] }],
        rules: [
          {
            host: "a",
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: { service: { name: "web", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } },
    }),
  );
  expect(ingress.summary).toMatchObject({
    class: "nginx",
    hosts: ["a"],
    tlsEnabled: true,
    loadBalancer: ["1.2.3.4"],
  });
  expect(ingress.spec?.rules?.[0]?.paths?.[0]?.backend?.service).toEqual({
    name: "web",
    portName: undefined,
    portNumber: 80,
  });
});

test("an autoscaler's metrics read as in kubectl get hpa", () => {
  const hpa = projectAutoscaler(
    object({
      spec: {
        maxReplicas: 5,
        scaleTargetRef: { kind: "Deployment", name: "web" },
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
          {
            type: "Pods",
            pods: { metric: { name: "queue" }, target: { type: "AverageValue", averageValue: "10" } },
          },
        ],
      },
      status: {
        currentMetrics: [
          {
            type: "Resource",
            resource: { name: "cpu", current: { averageUtilization: 43, averageValue: "43m" } },
          },
        ],
      },
    }),
  );
  expect(hpa.summary.metrics).toEqual(["cpu: 43%/80%", "queue: <unknown>/10"]);
});

test("selectors are written as kubectl -l takes them", () => {
  expect(
    selectorText({
      matchLabels: { a: "1" },
      matchExpressions: [
        { key: "b", operator: "In", values: ["x", "y"] },
        { key: "c", operator: "DoesNotExist" },
        { key: "d", operator: "Exists" },
      ],
    }),
  ).toBe("a=1,b in (x,y),!c,d");
});

test("annotations come without what tools keep for themselves", () => {
  expect(annotationsOf({ ...lastApplied, keep: "1" })).toEqual({ keep: "1" });
  expect(annotationsOf(lastApplied)).toBeUndefined();
});
