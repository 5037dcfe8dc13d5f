import { expect, test } from "bun:test";
import { startTestMaster } from "../harness.ts";

const route = "/ingest/podlist";
const source = "pod_list_snapshot";
const pods = (from: number, count: number, phase = "Running") => ({
  pods: Array.from({ length: count }, (_, at) => ({
    summary: { name: `web-${from + at}`, namespace: "shop", phase, node: "n1" },
    labels: { app: "web", filler: "x".repeat(200) },
  })),
});

test("a large list takes effect at once, and others are answered while it is made ready", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const seen = new Set<number>();
  let answers = 0;
  const full = (seq: number, from: number, count: number) =>
    cluster.push(route, source, pods(from, count), { sync: { run: "r", seq, mode: "full" } });
  await full(1, 0, 300);
  let done = false;
  const list = full(2, 1000, 4000).finally(() => {
    done = true;
  });
  while (!done) {
    seen.add(master.datasource.list("pod", { limit: 1 }).total);
    await Bun.sleep(0);
    answers++;
  }
  expect((await list).status).toBe(200);
  seen.add(master.datasource.list("pod", { limit: 1 }).total);
  expect([...seen]).toEqual([300, 4000]);
  expect(answers).toBeGreaterThan(3);
});

test("changes that come while a large list is made ready take effect after it", async () => {
  await using master = await startTestMaster();
  const cluster = await master.addCluster("home");
  const full = cluster.push(route, source, pods(0, 3000), { sync: { run: "r", seq: 1, mode: "full" } });
  const changes = await Promise.all([
    full,
    ...[2, 3].map(async (seq) => {
      // As soon as the base is there, which is before the list can be seen.
      for (;;) {
        const sync = { run: "r", seq, mode: "delta", removed: [`shop/web-${seq}`] };
        const answer = await cluster.push(route, source, pods(seq * 10, 1, "Failed"), { sync });
        if (answer.status !== 409) return answer;
      }
    }),
  ]);
  expect(changes.map((one) => one.status)).toEqual([200, 200, 200]);
  expect(master.datasource.list("pod", { limit: 1 }).total).toBe(2998);
  expect(master.datasource.list("pod", { q: "failed" }).total).toBe(2);
  expect(
    master.datasource.list("pod", { q: "web-2 running", limit: 1 }).items[0]?.item.summary.name,
  ).not.toBe("web-2");
});
