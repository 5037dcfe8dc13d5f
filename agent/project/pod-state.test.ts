import { expect, test } from "bun:test";
import { ended, type PodShape, pod, running, terminated, waiting } from "../testing/objects.ts";
import { podState } from "./pod-state.ts";

const deleted = { deletionTimestamp: "2026-01-01T10:01:00Z" };
const initialized = { conditions: [{ type: "Initialized", status: "True" }] };

/** As `kubectl get pods` shows them: READY, STATUS, RESTARTS. */
const table: [what: string, shape: PodShape, shown: string][] = [
  ["running", {}, "1/1 Running 0"],
  [
    "not scheduled",
    { phase: "Pending", containers: [], spec: { containers: [{ name: "a" }] } },
    "0/1 Pending 0",
  ],
  [
    "creating",
    { phase: "Pending", containers: [waiting("web", "ContainerCreating")] },
    "0/1 ContainerCreating 0",
  ],
  ["image", { phase: "Pending", containers: [waiting("web", "ImagePullBackOff")] }, "0/1 ImagePullBackOff 0"],
  [
    "crash loop",
    { containers: [waiting("web", "CrashLoopBackOff", "", { restartCount: 7 })] },
    "0/1 CrashLoopBackOff 7",
  ],
  [
    "the first waiting container wins",
    {
      containers: [waiting("a", "ErrImagePull"), waiting("b", "CrashLoopBackOff")],
    },
    "0/2 ErrImagePull 0",
  ],
  ["exited", { phase: "Failed", containers: [terminated("web", "Error", 1)] }, "0/1 Error 0"],
  [
    "out of memory",
    { phase: "Running", containers: [terminated("web", "OOMKilled", 137)] },
    "0/1 OOMKilled 0",
  ],
  ["exit without a reason", { containers: [terminated("web", "", 3)] }, "0/1 ExitCode:3 0"],
  [
    "signal without a reason",
    {
      containers: [running("web", { ready: false, state: { terminated: { exitCode: 0, signal: 9 } } })],
    },
    "0/1 Signal:9 0",
  ],
  ["completed", { phase: "Succeeded", containers: [terminated("web", "Completed", 0)] }, "0/1 Completed 0"],
  [
    "one of two completed, ready",
    {
      containers: [terminated("a", "Completed", 0), running("b")],
    },
    "1/2 Running 0",
  ],
  [
    "one of two completed, not ready",
    {
      containers: [terminated("a", "Completed", 0), running("b")],
      status: { conditions: [] },
    },
    "1/2 NotReady 0",
  ],
  [
    "evicted",
    { phase: "Failed", containers: [], spec: { containers: [{ name: "a" }] }, status: { reason: "Evicted" } },
    "0/1 Evicted 0",
  ],
  [
    "first init container",
    {
      phase: "Pending",
      init: [running("one", { ready: false }), waiting("two", "PodInitializing")],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/1 Init:0/2 0",
  ],
  [
    "second init container",
    {
      phase: "Pending",
      init: [terminated("one", "Completed", 0), waiting("two", "PodInitializing")],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/1 Init:1/2 0",
  ],
  [
    "init failed",
    {
      phase: "Pending",
      init: [terminated("one", "Error", 1, { restartCount: 2 })],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/1 Init:Error 2",
  ],
  [
    "init exit code",
    { phase: "Pending", init: [terminated("one", "", 4)], containers: [] },
    "0/0 Init:ExitCode:4 0",
  ],
  [
    "init crash loop",
    {
      phase: "Pending",
      init: [waiting("one", "CrashLoopBackOff", "", { restartCount: 3 })],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/1 Init:CrashLoopBackOff 3",
  ],
  [
    "init done, starting",
    {
      phase: "Pending",
      init: [terminated("one", "Completed", 0)],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/1 PodInitializing 0",
  ],
  [
    "a restarted init container does not count once the pod runs",
    {
      init: [terminated("one", "Completed", 0, { restartCount: 5 })],
      containers: [running("web", { restartCount: 1 })],
    },
    "1/1 Running 1",
  ],
  [
    "sidecar ready",
    {
      init: [running("mesh", { restartCount: 2 })],
      sidecars: ["mesh"],
      containers: [running("web", { restartCount: 1 })],
    },
    "2/2 Running 3",
  ],
  [
    "sidecar starting",
    {
      phase: "Pending",
      init: [running("mesh", { ready: false, started: false })],
      sidecars: ["mesh"],
      containers: [waiting("web", "PodInitializing")],
    },
    "0/2 Init:0/1 0",
  ],
  [
    "sidecar in a crash loop after the pod was initialised",
    {
      init: [waiting("mesh", "CrashLoopBackOff", "", { restartCount: 4 })],
      sidecars: ["mesh"],
      containers: [running("web")],
      status: initialized,
    },
    "1/2 Init:CrashLoopBackOff 4",
  ],
  ["terminating", { metadata: deleted }, "1/1 Terminating 0"],
  [
    "terminated and kept by a finalizer",
    {
      phase: "Succeeded",
      containers: [terminated("web", "Completed", 0)],
      metadata: deleted,
    },
    "0/1 Completed 0",
  ],
  ["on a lost node", { metadata: deleted, status: { reason: "NodeLost" } }, "1/1 Unknown 0"],
  [
    "gated",
    {
      phase: "Pending",
      containers: [],
      status: { conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
    },
    "0/0 SchedulingGated 0",
  ],
  [
    "running again after a crash",
    {
      containers: [running("web", { restartCount: 1, lastState: ended("Error", 1) })],
    },
    "1/1 Running 1",
  ],
];

for (const [what, shape, shown] of table)
  test(`the columns READY, STATUS and RESTARTS are kubectl's: ${what}`, () => {
    const { ready, reason, restarts } = podState(pod(shape));
    expect(`${ready} ${reason} ${restarts}`).toBe(shown);
  });
