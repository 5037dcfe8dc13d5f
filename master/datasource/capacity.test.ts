import { expect, test } from "bun:test";
import type { Container } from "../../wire/common.ts";
import { runningPod, testDatasource } from "./testing.ts";

const asks = (name: string, cpu: string, memory: string, role?: string): Container => ({
  name,
  ...(role ? { role } : {}),
  resources: { requests: { cpu, memory } },
});

test("what pods ask for is counted as the scheduler does, of what nodes can give", () => {
  const { datasource, full } = testDatasource();
  expect(datasource.capacity("c1")).toBeUndefined();
  full("node", [
    { summary: { name: "n1", ready: "True" }, allocatable: { cpu: "3800m", memory: "7Gi" } },
    { summary: { name: "n2", ready: "True" }, allocatable: { cpu: "4", memory: "8Gi" } },
  ]);
  full("pod", [
    runningPod(
      "web-1",
      {},
      { containers: [asks("app", "500m", "1Gi"), asks("proxy", "100m", "64Mi", "sidecar")] },
    ),
    // What only prepares runs before the others, not beside them.
    runningPod("db-1", {}, { containers: [asks("load", "2", "128Mi", "init"), asks("db", "1", "2Gi")] }),
    runningPod("free", {}, { containers: [{ name: "app" }] }),
    runningPod("done", { phase: "Succeeded" }, { containers: [asks("app", "8", "8Gi")] }),
    runningPod("waits", { phase: "Pending", node: "" }, { containers: [asks("app", "8", "8Gi")] }),
  ]);
  expect(datasource.capacity("c1")).toEqual({
    cluster: "c1",
    cpuAllocatable: expect.closeTo(7.8, 9),
    memoryAllocatable: 15 * 2 ** 30,
    cpuRequested: expect.closeTo(2.6, 9),
    memoryRequested: 3 * 2 ** 30 + 64 * 2 ** 20,
    cpuUsed: Number.NaN,
    memoryUsed: Number.NaN,
  });
  const part = datasource.seenBy(new Map([["c1", new Set(["shop"])]]));
  expect(part.capacity("c1")).toBeUndefined();
});
