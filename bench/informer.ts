/**
 * Memory and time of one pod informer, in a process of its own: `bun bench/informer.ts [--pages]` against the
 * cluster of KUBECONFIG, or against a simulated one with as many pods as `PODS` says (10,000).
 * Prints lines of `name value unit`: the projections' size, the first list's time, resident memory.
 */
import { tokenAccess } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { startInformer } from "../agent/kube/informer.ts";
import type { KubeObject } from "../agent/kube/object.ts";
import { resources } from "../agent/kube/resource.ts";
import { kinds } from "../simkube/kinds.ts";
import { startSimKube } from "../simkube/server.ts";

/** About what the agent keeps of a pod: some 1.2 KB of JSON. */
function project(pod: KubeObject): string {
  const spec = pod.spec as {
    containers: Record<string, unknown>[];
    nodeName?: string;
    volumes?: { name: string }[];
  };
  const status = pod.status as Record<string, unknown>;
  return JSON.stringify({
    summary: {
      name: pod.metadata.name,
      namespace: pod.metadata.namespace,
      controlledBy: pod.metadata.ownerReferences?.[0] && {
        kind: pod.metadata.ownerReferences[0].kind,
        name: pod.metadata.ownerReferences[0].name,
      },
      uid: pod.metadata.uid,
      phase: status.phase,
      startTime: status.startTime,
      node: spec.nodeName,
      podIP: status.podIP,
      qosClass: status.qosClass,
    },
    containers: spec.containers.map((one) => ({
      name: one.name,
      image: one.image,
      imagePullPolicy: one.imagePullPolicy,
      ports: one.ports,
      resources: one.resources,
      volumeMounts: one.volumeMounts,
      probes: [one.livenessProbe, one.readinessProbe],
    })),
    volumes: spec.volumes?.map((one) => ({ name: one.name })),
    conditions: status.conditions,
    labels: pod.metadata.labels,
  });
}

const rssMB = () => Math.round(process.memoryUsage.rss() / 2 ** 20);
const peakMB = async () => {
  const text = await Bun.file("/proc/self/status").text();
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024);
};

/** The API server in its own process, so that its memory does not count: `--serve`. */
async function serve(): Promise<never> {
  const simkube = await startSimKube();
  for (let i = 0; i < Number(process.env.PODS ?? 10_000); i++)
    simkube.rest.create(kinds.pods, "default", pod(i));
  console.log(JSON.stringify({ url: simkube.url, token: simkube.token }));
  return new Promise(() => {});
}

/** As large and as varied as a real one: about 4 KB. */
function pod(i: number) {
  const app = `shop-${i % 200}`;
  const entry = {
    manager: "kube-controller-manager",
    operation: "Update",
    apiVersion: "v1",
    fieldsType: "FieldsV1",
  };
  const field = { "f:type": {}, "f:status": {}, "f:lastTransitionTime": {}, "f:lastProbeTime": {} };
  const fields = Object.fromEntries(
    ["a", "b", "c", "d", "e", "g", "h"].map((key) => [`k:{"type":"${key}${app}"}`, field]),
  );
  return {
    metadata: {
      name: `${app}-7d9f8b6c5-${i.toString(36)}`,
      labels: { app, "pod-template-hash": "7d9f8b6c5", "app.kubernetes.io/name": "shop", team: "checkout" },
      annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9090" },
      managedFields: [1, 2].map(() => ({ ...entry, fieldsV1: { "f:status": { "f:conditions": fields } } })),
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${app}-7d9f8b6c5`,
          uid: crypto.randomUUID(),
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: `node-${i % 100}`,
      serviceAccountName: "default",
      containers: [
        {
          name: "web",
          image: `registry.example.org/shop/web:1.${i % 200}.0`,
          ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
          env: [{ name: "POD", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }],
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
          livenessProbe: {
            httpGet: { path: "/live", port: 8080, scheme: "HTTP" },
            periodSeconds: 10,
            failureThreshold: 3,
          },
          readinessProbe: {
            httpGet: { path: "/ready", port: 8080, scheme: "HTTP" },
            periodSeconds: 10,
            failureThreshold: 3,
          },
          volumeMounts: [
            { name: "token", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
          ],
        },
      ],
      volumes: [
        {
          name: "token",
          projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }] },
        },
      ],
      tolerations: [
        {
          key: "node.kubernetes.io/not-ready",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
        {
          key: "node.kubernetes.io/unreachable",
          operator: "Exists",
          effect: "NoExecute",
          tolerationSeconds: 300,
        },
      ],
    },
  };
}

if (process.argv.includes("--serve")) await serve();

async function chooseAccess() {
  if (process.env.KUBECONFIG)
    return { access: await findKubernetes({ environment: process.env }), server: undefined };
  const server = Bun.spawn([process.execPath, import.meta.path, "--serve"], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = server.stdout.getReader();
  const { value } = await reader.read();
  const { url, token } = JSON.parse(new TextDecoder().decode(value)) as { url: string; token: string };
  return { access: tokenAccess(url, token), server };
}

const { access, server } = await chooseAccess();
if (!access.found) throw new Error(access.looked.join("; "));
const before = rssMB();
const startedAt = performance.now();
const informer = startInformer({
  client: new KubeClient(access),
  resource: resources.pods,
  project,
  list: process.argv.includes("--pages") ? "pages" : "stream",
  onChange: () => {},
  onState: (state) => {
    if (state.status !== "live") console.error(state.status, state.message);
  },
  onFault: (message) => console.error(message),
});
while (!informer.synced) await Bun.sleep(10);
const seconds = (performance.now() - startedAt) / 1000;
const atSync = rssMB();
await Bun.sleep(Number(process.env.STEADY_SECONDS ?? 5) * 1000);
let characters = 0;
for (const item of informer.items.values()) characters += item.length;
const figures: [name: string, value: number | string, unit: string][] = [
  ["pods", informer.items.size, ""],
  ["projected", Math.round(characters / 2 ** 20), "MB"],
  ["first_list", seconds.toFixed(2), "s"],
  ["rss_before", before, "MB"],
  ["rss_when_listed", atSync, "MB"],
  ["rss_steady", rssMB(), "MB"],
  ["rss_peak", await peakMB(), "MB"],
];
for (const figure of figures) console.log(figure.join(" ").trim());
await informer.stop();
server?.kill();
