import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCluster } from "../master/database/clusters.ts";
import { type Database, openDatabase } from "../master/database/database.ts";
import { createEventStore } from "../master/database/events/store.ts";
import { startTestMaster } from "../master/harness.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import { createMarks } from "../master/history/marks.ts";
import { cluster } from "./cluster.ts";

const hour = 3_600_000;
const kept = 1000 * hour;

/** An hour of a node, an event and a mark of each cluster, some hours ago. */
async function fill(database: Database, clusters: string[]): Promise<void> {
  const end = Date.now() - 2 * hour;
  let nowMs = end - hour;
  const metrics = createMetricsHistory(database, {
    keptMs: [kept, kept, kept, kept],
    maxBytes: 2 ** 30,
    findPod: () => undefined,
    now: () => nowMs,
  });
  for (; nowMs < end; nowMs += 60_000)
    for (const one of clusters)
      metrics.take(one, [
        { nodeName: "n1", timestamp: new Date(nowMs).toISOString(), cpu: { usage: 0.5, cores: 4 } },
      ]);
  metrics.flush();
  nowMs = Date.now();
  metrics.settle();
  metrics.close();
  const marks = createMarks(database, { keptMs: kept });
  const events = createEventStore(database, { retentionMs: kept, maxBytes: 2 ** 30 });
  for (const one of clusters) {
    marks.note({
      cluster: one,
      what: "reboot",
      kind: "Node",
      namespace: "",
      name: "n1",
      ref: "",
      detail: {},
      atMs: end,
    });
    await events.append(one, [
      { id: "e", ts_ms: end, kind: "Pod", name: "web", reason: "Failed", severity: "warning" },
    ]);
  }
  marks.close();
  await events.close();
}

test("a removed cluster takes its events, metrics and marks along, beside a master and without one", async () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-cluster-"));
  try {
    const database = openDatabase(data);
    const ids: string[] = [];
    for (const name of ["first", "second", "third"]) ids.push((await addCluster(database, name)).id);
    await fill(database, ids);
    database.close();
    const remove = (name: string) => cluster.run(["remove", name], { ATLHYPER_DATA: data });
    expect(await remove("first")).toBe(0);
    await using master = await startTestMaster({ data });
    const count = (sql: string) =>
      master.database.metrics.query<{ n: number }, []>(`SELECT count(*) AS n FROM ${sql}`).get()!.n;
    const left = () => ({
      events: ids.map((id) => master.parts.history.search({ cluster: id }).total),
      marks: ids.map((id) => count(`marks WHERE cluster = '${id}'`)),
      metrics: ids.map((id) => count(`subjects WHERE cluster = '${id}'`)),
      blocks: [0, 2].map((tier) => count(`blocks${tier}`)),
    });
    const forgotten = async () => {
      const waiting = () => master.database.main.query("SELECT id FROM removed_clusters").all().length;
      for (const end = Date.now() + 5000; waiting() > 0 && Date.now() < end; ) await Bun.sleep(20);
      return left();
    };
    const two = await forgotten();
    expect(two).toMatchObject({ events: [0, 1, 1], marks: [0, 1, 1], metrics: [0, 1, 1] });
    expect(two.blocks.every((blocks) => blocks >= 2 && blocks % 2 === 0)).toBe(true);
    expect(await remove("second")).toBe(0);
    expect(await forgotten()).toEqual({
      events: [0, 0, 1],
      marks: [0, 0, 1],
      metrics: [0, 0, 1],
      blocks: two.blocks.map((blocks) => blocks / 2),
    });
  } finally {
    rmSync(data, { recursive: true });
  }
}, 20_000);
