import { expect, test } from "bun:test";
import { at, ended, type PodShape, pod, running, terminated, waiting } from "../../testing/objects.ts";
import { recoveryMs } from "./container.ts";
import { podFindings } from "./pod.ts";

const findings = (shape: PodShape) => podFindings(pod(shape));
const atMs = Date.parse(at);

test("healthy pods have no findings", () => {
  for (const shape of [
    {},
    { phase: "Succeeded", containers: [terminated("web", "Completed", 0)] },
    { containers: [running("web", { restartCount: 1, lastState: ended("Completed", 0) })] },
    { init: [terminated("migrate", "Completed", 0, { restartCount: 2, lastState: ended("Error", 1) })] },
    { phase: "Pending", containers: [] },
    {
      phase: "Pending",
      containers: [],
      status: { conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] },
    },
  ])
    expect(findings(shape)).toEqual([]);
});

test("every waiting reason of the kubelet is a finding with the container, the image and the cause", () => {
  const cause = 'Back-off pulling image "x": ErrImagePull: rpc error: not found';
  expect(findings({ containers: [waiting("web", "ImagePullBackOff", cause)] })).toMatchObject([
    {
      reason: "ImagePullBackOff",
      family: "image",
      container: "web",
      category: "image",
      message: "container web cannot pull its image registry.example.com/web:1.2: rpc error: not found",
    },
  ]);
  expect(
    findings({ containers: [waiting("web", "CreateContainerConfigError", 'secret "db" not found')] })[0]!
      .message,
  ).toBe('container web cannot be created: secret "db" not found');
  for (const reason of [
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerError",
    "RunContainerError",
    "PostStartHookError",
    "SomethingNew",
  ])
    expect(findings({ containers: [waiting("web", reason)] })).toMatchObject([{ reason, container: "web" }]);
});

test("a crash loop names the exit code and the restarts", () => {
  const container = waiting("web", "CrashLoopBackOff", "back-off 40s", {
    restartCount: 4,
    lastState: ended("Error", 127),
  });
  expect(findings({ containers: [container] })).toMatchObject([
    {
      reason: "CrashLoopBackOff",
      family: "crash",
      count: 4,
      message:
        "container web exited with code 127 (its command was not found); restarted 4 times, the next try is delayed",
    },
  ]);
});

test("since when a container waits is told by the pod's conditions, where they can be about nothing else", () => {
  const since = (seconds: number) => new Date(atMs + seconds * 1000).toISOString();
  const status = {
    conditions: [{ type: "ContainersReady", status: "False", lastTransitionTime: since(-600) }],
  };
  const sinceOf = (shape: PodShape) => findings({ status, ...shape }).map((one) => one.sinceMs);
  const pulling = waiting("web", "ImagePullBackOff");
  expect(sinceOf({ containers: [pulling] })).toEqual([atMs - 600_000]);
  expect(sinceOf({ containers: [pulling], init: [terminated("migrate", "Completed", 0)] })).toEqual([atMs]);
  expect(sinceOf({ containers: [pulling], status: {} })).toEqual([undefined]);
  const ranBefore = waiting("web", "RunContainerError", "", { restartCount: 1 });
  expect(sinceOf({ containers: [ranBefore] })).toEqual([undefined]);

  const more = { restartCount: 3, lastState: ended("Error", 1) };
  const loop = waiting("web", "CrashLoopBackOff", "", more);
  expect(sinceOf({ containers: [loop] })).toEqual([atMs - 600_000]);
  expect(sinceOf({ containers: [loop, pulling] })).toEqual([atMs, atMs - 600_000]);
  const later = { conditions: [{ type: "Ready", status: "False", lastTransitionTime: since(1) }] };
  expect(sinceOf({ containers: [loop], status: later })).toEqual([atMs]);
});

test("a kill at the memory limit is one, also where only the last state shows it", () => {
  const killed = { restartCount: 2, lastState: ended("OOMKilled", 137) };
  const message = "container web was killed at its memory limit of 64Mi";
  expect(findings({ containers: [terminated("web", "OOMKilled", 137)] })).toMatchObject([
    { reason: "OOMKilled", message },
  ]);
  const [again] = findings({ containers: [running("web", killed)] });
  expect(again).toMatchObject({ reason: "OOMKilled", family: "oom", message, count: 2 });
  expect(again!.untilMs).toBe(atMs + recoveryMs(2));
  const [loop] = findings({ containers: [waiting("web", "CrashLoopBackOff", "", killed)] });
  expect(loop).toMatchObject({ reason: "OOMKilled", family: "oom" });
  expect(loop!.untilMs).toBeUndefined();
});

test("a container has to run for twice its back-off, and a minute at least, until a crash is over", () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((restarts) => recoveryMs(restarts) / 1000)).toEqual([
    60, 60, 80, 160, 320, 600, 600,
  ]);
});

test("an init container that fails is named as one", () => {
  const [finding] = findings({
    phase: "Pending",
    init: [waiting("migrate", "CrashLoopBackOff", "", { restartCount: 2, lastState: ended("Error", 1) })],
    containers: [waiting("web", "PodInitializing")],
  });
  expect(finding!.message).toStartWith("init container migrate exited with code 1; restarted 2 times");
});

test("pods of a workload are warnings, and a pod that nothing would replace is critical", () => {
  const containers = [waiting("web", "ErrImagePull")];
  expect(findings({ containers })[0]!.severity).toBe("warning");
  expect(findings({ containers, owner: null })[0]!.severity).toBe("critical");
});

test("a failed pod that was replaced is over at once; one without a controller stays open", () => {
  const evicted = {
    phase: "Failed",
    containers: [],
    status: { reason: "Evicted", message: "low on memory" },
  };
  expect(findings(evicted)).toMatchObject([
    { reason: "Evicted", category: "node", over: true, message: "the pod failed (Evicted): low on memory" },
  ]);
  const bare = findings({ phase: "Failed", containers: [terminated("web", "Error", 2)], owner: null });
  expect(bare).toMatchObject([{ reason: "Error", over: false, severity: "critical", sinceMs: atMs }]);
});

test("an unschedulable pod says why the scheduler cannot place it", () => {
  const message = "0/3 nodes are available: 3 Insufficient cpu.";
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime: at,
  };
  expect(findings({ phase: "Pending", containers: [], status: { conditions: [condition] } })).toMatchObject([
    { reason: "Unschedulable", message: `no node can take the pod: ${message}`, sinceMs: atMs, holdMs: 3000 },
  ]);
});

test("a container that runs and is not ready is a finding after minutes, not those of a lost node", () => {
  const conditions = [{ type: "Ready", status: "False", lastTransitionTime: at }];
  const spec = { containers: [{ name: "web", readinessProbe: { tcpSocket: { port: 80 } } }] };
  expect(
    findings({ containers: [running("web", { ready: false })], status: { conditions }, spec }),
  ).toMatchObject([
    {
      reason: "NotReady",
      holdMs: 120_000,
      message: "container web runs and is not ready: the probe does not succeed",
    },
  ]);
  // The node controller sets Ready to False, the kubelet's word on the container stays.
  expect(findings({ containers: [running("web")], status: { conditions } })).toEqual([]);
});

test("containers that wait for the same thing for minutes are one finding", () => {
  const containers = [waiting("a", "ContainerCreating"), waiting("b", "ContainerCreating")];
  expect(findings({ phase: "Pending", containers })).toMatchObject([
    { reason: "ContainerCreating", holdMs: 180_000, sinceMs: atMs },
  ]);
});

test("a pod that is being deleted has findings only when it outlives its grace period", () => {
  const metadata = { deletionTimestamp: at, finalizers: ["example.com/hold"] };
  expect(findings({ containers: [terminated("web", "Error", 137)], metadata })).toMatchObject([
    {
      reason: "Terminating",
      sinceMs: atMs,
      holdMs: 60_000,
      message: expect.stringContaining("example.com/hold"),
    },
  ]);
});
