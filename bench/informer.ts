/**
 * Memory and time of one pod informer, in a process of its own: `bun bench/informer.ts [--pages]` against the
 * cluster of KUBECONFIG, or against a simulated one with as many pods as `PODS` says (10,000).
 * Prints one line of JSON: RSS in MB before, at its peak and steady, seconds until synced, pods.
 */
import { tokenAccess } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { startInformer } from "../agent/kube/informer.ts";
import type { KubeObject } from "../agent/kube/object.ts";
import { resources } from "../agent/kube/resource.ts";

/** About what the agent keeps of a pod: some 1.2 KB of JSON. */
function project(pod: KubeObject): string {
  const spec = pod.spec as { containers: Record<string, unknown>[]; nodeName?: string; volumes?: { name: string }[] };
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

const access = process.env.SIMKUBE_URL
  ? tokenAccess(process.env.SIMKUBE_URL, process.env.SIMKUBE_TOKEN ?? "")
  : await findKubernetes({ environment: process.env });
if (!access.found) throw new Error(access.looked.join("; "));
const before = rssMB();
const startedAt = performance.now();
let changes = 0;
const informer = startInformer({
  client: new KubeClient(access),
  resource: resources.pods,
  project,
  list: process.argv.includes("--pages") ? "pages" : "stream",
  onChange: () => changes++,
  onState: (state) => {
    if (state.status !== "live") console.error(state.status, state.message);
  },
  onFault: (message) => console.error(message),
});
while (!informer.synced) await Bun.sleep(10);
const seconds = (performance.now() - startedAt) / 1000;
const atSync = rssMB();
await Bun.sleep(Number(process.env.STEADY_SECONDS ?? 10) * 1000);
let characters = 0;
for (const item of informer.items.values()) characters += item.length;
console.log(
  JSON.stringify({
    pods: informer.items.size,
    projectedMB: Math.round(characters / 2 ** 20),
    seconds: Number(seconds.toFixed(2)),
    beforeMB: before,
    atSyncMB: atSync,
    steadyMB: rssMB(),
    peakMB: await peakMB(),
    changes,
  }),
);
await informer.stop();
