import { afterAll, expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";

const master = await startTestMaster();
afterAll(() => master.stop());
const cluster = await master.addCluster("home");
await cluster.push("/ingest/podlist", "pod_list_snapshot", {
  pods: ["web-1", 'odd",name'].map((name) => ({
    summary: { name, namespace: "shop", node: "n1", uid: name },
  })),
});
await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", {
  snapshots: [
    {
      nodeName: "n1",
      // The second that runs is added up when it is over.
      timestamp: new Date(Date.now() - 1500).toISOString(),
      cpu: { usage: 0.5, cores: 4 },
      containers: [
        { id: "a", podUID: "web-1", cpuCores: 0.75, memoryWorkingSet: 2 ** 20 },
        { id: "b", podUID: 'odd",name', cpuCores: 0.25, memoryWorkingSet: 2 ** 21 },
      ],
    },
  ],
});
const top = (query: string) => master.api(`/api/v1/top?${query}`);

test("who used most is told as JSON and as CSV", async () => {
  const { body } = await top("range=1h");
  expect(body).toMatchObject({
    total: 2,
    items: [
      { kind: "Pod", namespace: "shop", name: "web-1", mean: 0.75, p95: 0.75, max: 0.75, share: 0.75 },
      { name: 'odd",name', mean: 0.25 },
    ],
  });
  expect((await top("by=memory&limit=1")).body.items).toMatchObject([{ name: 'odd",name', mean: 2 ** 21 }]);
  expect((await top("order=p95")).body.items.map((one: { name: string }) => one.name)).toEqual([
    "web-1",
    'odd",name',
  ]);
  expect((await top("of=namespaces")).body.items[0]).not.toHaveProperty("p95");
  expect((await top("of=nodes")).body.items).toMatchObject([{ kind: "Node", name: "n1", mean: 0.5 }]);
  const token = await master.apiToken();
  const response = await fetch(`${master.url}/api/v1/top?format=csv&cluster=home`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.headers.get("content-type")).toStartWith("text/csv");
  const lines = (await response.text()).split("\r\n");
  expect(lines[0]).toBe("cluster,kind,namespace,name,owner,mean,p95,max,share,seconds");
  // Less than what a sample stands for, where its block began with it.
  const [, seconds] = /,(\d)$/.exec(lines[2]!)!;
  expect(Number(seconds)).toBeWithin(1, 6);
  expect(lines[2]).toBe(`${cluster.id},Pod,shop,"odd"",name",,0.25,0.25,0.25,0.25,${seconds}`);
});

test("what is asked wrongly is answered with what would be right", async () => {
  const detail = async (query: string) => {
    const { status, body } = await top(query);
    expect(status).toBe(422);
    return body.detail;
  };
  expect(await detail("by=network")).toBe("of pods there are cpu and memory");
  expect(await detail("of=namespaces&order=p95")).toBe("of namespaces there are mean and max");
  expect(await detail("from=2040-01-01T00:00:00Z")).toBe("from is in the future");
  expect(await detail("from=2026-01-02&to=2026-01-01")).toBe("from must not be after to");
  expect((await top("from=2040-01-01&to=2040-01-02")).body).toMatchObject({ total: 0, items: [] });
  expect(await detail("of=cats")).toContain("one of pods, workloads, namespaces, nodes");
  expect(await detail("range=3y")).toContain("a duration such as 30s");
  expect(await detail("range=900d")).toContain("at most two years");
  expect(await detail("range=1h&from=2026-01-01T00:00:00Z")).toContain("give one of them");
  expect(await detail("cluster=none")).toContain("cluster must be one of home");
});
