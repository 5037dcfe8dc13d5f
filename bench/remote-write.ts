/**
 * What remote write costs: the history taking values without it, with it while the store is away, sending to a store in
 * another process that only reads, and both at once. In time of the CPU, its collector of garbage included, since other
 * work on the machine does not count there; and by the clock. Last the catching up with what the history has. Prints `name value unit`. `bun bench/remote-write.ts [nodes] [rounds]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import type { Deliver } from "../master/prometheus/remote/deliver.ts";
import { RemoteWriteMarks } from "../master/database/metrics/remote-write.ts";
import { type ProgressStore, targetOf } from "../master/prometheus/remote/progress.ts";
import { createRemoteWrite, type RemoteWrite } from "../master/prometheus/remote/remote-write.ts";
import { percentile, print } from "./samples/print.ts";
import { NodeTrace } from "./samples/trace.ts";

const nodes = Number(process.argv[2] ?? 20);
const rounds = Number(process.argv[3] ?? 300);
const everyMs = 5000;
const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000;

const traces = Array.from({ length: nodes }, (_, number) => new NodeTrace(number, 10));
const told = Array.from({ length: rounds }, (_, at) => traces.map((one) => one.at(begin + at * everyMs)));

const median = (values: number[]) => percentile(values, 0.5);

/** Begins to measure; what it gives tells what one of so many has cost. */
function meter(): (samples: number) => { ns: number; perSecond: number } {
  Bun.gc(true);
  const before = process.cpuUsage();
  const start = performance.now();
  return (samples) => {
    const { user, system } = process.cpuUsage(before);
    return {
      ns: ((user + system) * 1000) / samples,
      perSecond: (samples * 1000) / (performance.now() - start),
    };
  };
}

/** Takes all rounds into a new history, waiting after each as told; they were generated before. */
async function take(
  remoteFor?: (one: ReturnType<typeof createMetricsHistory>) => RemoteWrite,
  between?: (remote: RemoteWrite) => Promise<void>,
) {
  const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
  const db = openDatabase(folder);
  const clock = { now: begin };
  let remote: RemoteWrite | undefined;
  const history = createMetricsHistory(db, {
    keptMs: [2, 14, 90, 730].map((days) => days * 86_400_000),
    maxBytes: 2 ** 40,
    findPod: (_cluster, _node, uid) => ({
      namespace: "shop",
      name: `pod-${uid}`,
      kind: "Deployment",
      owner: "web",
    }),
    taken: remoteFor && ((...row) => remote!.take(...row)),
    now: () => clock.now,
  });
  remote = remoteFor?.(history);
  const measured = meter();
  for (const [at, snapshots] of told.entries()) {
    clock.now = begin + at * everyMs;
    history.take("c", snapshots);
    history.flush();
    if (remote && between) await between(remote);
  }
  const { ns } = measured(history.taken());
  return {
    ns,
    samples: history.taken(),
    remote,
    history,
    db,
    async close() {
      await remote?.stop();
      history.close();
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const remoteTo =
  (url: string, away: boolean, progress: ProgressStore = { get: () => undefined, put: () => undefined }) =>
  (history: ReturnType<typeof createMetricsHistory>) => {
    const remote = createRemoteWrite({
      settings: { url, headers: {}, secrets: [], clusters: new Set(), queueBytes: 2 ** 30 },
      column: (subject, id) => history.column(subject, id),
      clusters: () => new Map([["c", "production"]]),
      rows: () => history.raw,
      keptMs: 2 * 86_400_000,
      progress,
      events: {
        remoteWrite: () => {},
        remoteWriteRefused: () => {},
        remoteWriteGone: () => {},
        failed: (what, error) => console.error(what, error),
      },
      gatherMs: 100,
      ...(away ? { deliver: never } : {}),
    });
    remote.start();
    return remote;
  };
const never: Deliver = (_, signal) =>
  new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve({ outcome: "again", text: "away" })),
  );

const off: number[] = [];
const away: number[] = [];
for (let round = 0; round < 5; round++)
  for (const [figures, remoteFor] of [
    [off, undefined],
    [away, remoteTo("http://127.0.0.1:1/", true)],
  ] as const) {
    const one = await take(remoteFor);
    figures.push(one.ns);
    const state = one.remote?.state();
    if (round === 4 && state)
      print("remote_write_waiting_bytes_per_sample", state.waiting.bytes / state.waiting.samples, "B");
    await one.close();
  }
print("remote_write_off_take", median(off), "ns/sample");
print("remote_write_store_away_take", median(away), "ns/sample");

const sink = Bun.spawn([process.execPath, join(import.meta.dir, "samples/sink.ts")], { stdout: "pipe" });
const url = new TextDecoder().decode((await sink.stdout.getReader().read()).value).trim();
const drained = async (remote: RemoteWrite, most: number) => {
  while (remote.state().waiting.samples > most) await Bun.sleep(1);
};
const sending: { ns: number; perSecond: number }[] = [];
const both: { ns: number; perSecond: number }[] = [];
for (let round = 0; round < 5; round++) {
  const one = await take(remoteTo(url, false));
  const sent = meter();
  await drained(one.remote!, 0);
  const state = one.remote!.state();
  sending.push(sent(state.sent));
  if (round === 4) print("remote_write_bytes_per_sample", state.bytes / state.sent, "B");
  await one.close();
  const measured = meter();
  const other = await take(remoteTo(url, false), (remote) => drained(remote, 100_000));
  await drained(other.remote!, 0);
  both.push(measured(other.samples));
  await other.close();
}
for (const [name, figures] of [
  ["send", sending],
  ["take_and_send", both],
] as const) {
  print(`remote_write_${name}`, median(figures.map(({ ns }) => ns)), "ns/sample");
  print(`remote_write_${name}_rate`, median(figures.map(({ perSecond }) => perSecond)), "samples/s");
}

/** What the history has before the start. */
const catching: { ns: number; perSecond: number }[] = [];
let rss = 0;
for (let round = 0; round < 3; round++) {
  const one = await take();
  const marks = new RemoteWriteMarks(one.db.metrics);
  marks.put({ target: targetOf(url), floorMs: begin - 1, subjects: new Uint8Array() });
  const before = process.memoryUsage.rss();
  const measured = meter();
  const remote = remoteTo(url, false, marks)(one.history);
  while (remote.state().behindSinceMs !== undefined) {
    await Bun.sleep(2);
    rss = Math.max(rss, process.memoryUsage.rss() - before);
  }
  catching.push(measured(remote.state().sent));
  await remote.stop();
  await one.close();
}
print("remote_write_catch_up", median(catching.map(({ ns }) => ns)), "ns/sample");
print("remote_write_catch_up_rate", median(catching.map(({ perSecond }) => perSecond)), "samples/s");
print("remote_write_catch_up_memory", rss * 1e-6, "MB");
sink.kill();
process.exit(0);
