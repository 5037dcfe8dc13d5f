/**
 * What remote write costs: the history taking values without it, with it while the store is away, and what is sent to a
 * store in another process that only reads. Prints `name value unit`. `bun bench/remote-write.ts [nodes] [rounds]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { createMetricsHistory } from "../master/history/history.ts";
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

/** Takes all rounds into a new history, waiting after each as told; gives values a second, without generating them. */
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
  const start = performance.now();
  for (const [at, snapshots] of told.entries()) {
    clock.now = begin + at * everyMs;
    history.take("c", snapshots);
    history.flush();
    if (remote && between) await between(remote);
  }
  const perSecond = (history.taken() / (performance.now() - start)) * 1000;
  return {
    perSecond,
    samples: history.taken(),
    remote,
    close() {
      history.close();
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const remoteTo =
  (url: string, away: boolean) => (history: { column: Parameters<typeof createRemoteWrite>[0]["column"] }) =>
    createRemoteWrite({
      settings: { url, headers: {}, secrets: [], clusters: new Set(), queueBytes: 2 ** 30 },
      column: (subject, id) => history.column(subject, id),
      clusters: () => new Map([["c", "production"]]),
      events: {
        remoteWrite: () => {},
        remoteWriteLost: () => {},
        failed: (what, error) => console.error(what, error),
      },
      gatherMs: 100,
      ...(away ? { deliver: () => new Promise<never>(() => {}) } : {}),
    });

const off: number[] = [];
const waiting: number[] = [];
for (let round = 0; round < 5; round++) {
  for (const [figures, remoteFor] of [
    [off, undefined],
    [waiting, remoteTo("http://127.0.0.1:1/", true)],
  ] as const) {
    const one = await take(remoteFor);
    figures.push(one.perSecond);
    const state = one.remote?.state();
    if (round === 4 && state)
      print("remote_write_waiting_bytes_per_sample", state.waiting.bytes / state.waiting.samples, "B");
    one.close();
  }
}
print("remote_write_off_ingest", median(off), "samples/s");
print("remote_write_store_away_ingest", median(waiting), "samples/s");

const sink = Bun.spawn([process.execPath, join(import.meta.dir, "samples/sink.ts")], { stdout: "pipe" });
const url = new TextDecoder().decode((await sink.stdout.getReader().read()).value).trim();
const drained = async (remote: RemoteWrite, most: number) => {
  while (remote.state().waiting.samples > most) await Bun.sleep(1);
};
const sending: number[] = [];
const both: number[] = [];
for (let round = 0; round < 5; round++) {
  const one = await take(remoteTo(url, false));
  const start = performance.now();
  await drained(one.remote!, 0);
  const { sent, bytes } = one.remote!.state();
  sending.push((sent / (performance.now() - start)) * 1000);
  if (round === 4) print("remote_write_bytes_per_sample", bytes / sent, "B");
  one.close();
  const start2 = performance.now();
  const other = await take(remoteTo(url, false), (remote) => drained(remote, 100_000));
  await drained(other.remote!, 0);
  both.push((other.samples / (performance.now() - start2)) * 1000);
  other.close();
}
print("remote_write_send", median(sending), "samples/s");
print("remote_write_ingest_and_send", median(both), "samples/s");
sink.kill();
process.exit(0);
