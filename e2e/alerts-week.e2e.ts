import { expect, setSystemTime, test } from "bun:test";
import { resolve } from "node:path";
import { NodeTrace } from "../bench/samples/trace.ts";
import { startTestMaster } from "../master/harness.ts";

/**
 * The rules that come with AtlHyper over days of normal operation: twenty minutes recorded on a real cluster
 * (record-normal.ts), again and again, with the metrics of nodes over whole days. The clock is moved on, nothing is
 * waited for. `ATLHYPER_DAYS=7` makes it a week.
 */
const days = Number(process.env.ATLHYPER_DAYS ?? 1);
const stepMs = 10_000;
const nodes = 4;

interface Line {
  afterMs: number;
  path: string;
  envelope: { cluster_id: string; source: string; ts_ms: number; payload: unknown };
}

/** The same at another time, by another run of the agent. */
function moved(value: unknown, byMs: number, round: number, name = ""): unknown {
  if (typeof value === "number") return value > 1.6e12 && value < 2e12 ? value + byMs : value;
  if (typeof value === "string") {
    if (name === "run" || name === "id") return `${value}-${round}`;
    const at = /^20\d\d-\d\d-\d\dT[\d:.]+Z$/.test(value) ? Date.parse(value) : Number.NaN;
    return Number.isNaN(at) ? value : new Date(at + byMs).toISOString();
  }
  if (Array.isArray(value)) return value.map((one) => moved(one, byMs, round));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one, byMs, round, key)]));
  return value;
}

test("days of normal operation make no alert", async () => {
  const packed = await Bun.file(resolve(import.meta.dir, "testdata/normal.ndjson.gz")).bytes();
  const lines = new TextDecoder()
    .decode(Bun.gunzipSync(packed))
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line))
    .filter(({ envelope }) => envelope.source);
  const recordedMs = lines[0]!.envelope.ts_ms - lines[0]!.afterMs;
  const roundMs = Math.ceil(lines.at(-1)!.afterMs / stepMs) * stepMs;
  const begin = Math.floor(Date.now() / stepMs) * stepMs;
  await using master = await startTestMaster();
  const cluster = await master.addCluster("normal", lines[0]!.envelope.cluster_id);
  const { engine } = master.parts.alerting;
  const traces = Array.from({ length: nodes }, (_, at) => new NodeTrace(at));
  const measure = async (now: number, more: object = {}) => {
    const snapshots = traces.map((trace, node) => ({
      ...trace.at(now),
      ...more,
      nodeName: `fake-${node + 1}`,
    }));
    const { status } = await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots });
    expect(status).toBe(200);
    await engine.tick();
  };
  const seen = new Map<string, number>();
  const firing = new Set<string>();
  let sent = 0;
  try {
    let next = 0;
    let round = 0;
    for (let at = 0; at < days * 86_400_000; at += stepMs) {
      setSystemTime(new Date(begin + at));
      const inRound = at - round * roundMs;
      for (; next < lines.length && lines[next]!.afterMs <= inRound; next++) {
        const { path, envelope } = lines[next]!;
        const more = moved(envelope, begin + round * roundMs - recordedMs, round) as Line["envelope"];
        const { status, body } = await cluster.push(path, more.source, more.payload, { ...more });
        expect({ status, body }).toMatchObject({ status: 200 });
        sent++;
      }
      if (next === lines.length && inRound >= roundMs) {
        next = 0;
        round++;
      }
      await measure(begin + at);
      for (const { name, object, state } of engine.alerts.values()) {
        const what = `${name} ${object}`;
        seen.set(what, (seen.get(what) ?? 0) + 1);
        if (state !== "pending") firing.add(what);
      }
    }
    expect([...firing]).toEqual([]);
    // That they would have said something: a disk that is full for ten minutes.
    const disk = [{ mountPoint: "/", total: 100e9, used: 95e9 }];
    for (let after = 0; after <= 600_000; after += stepMs) {
      const now = begin + days * 86_400_000 + after;
      setSystemTime(new Date(now));
      await measure(now, { disk });
    }
    const full = [...engine.alerts.values()].filter(
      ({ name, state }) => name === "DiskFull" && state === "firing",
    );
    expect(full).toHaveLength(nodes);
  } finally {
    setSystemTime();
  }
  expect((await master.api("/api/v1/nodes")).body.items).toHaveLength(nodes);
  expect(sent).toBeGreaterThan(days * 1000);
  console.log(
    `${days} days, ${sent} requests; about to fire for a while: ${[...seen].map(([what, steps]) => `${what} ${(steps * stepMs) / 1000} s`).join(", ") || "nothing"}`,
  );
}, 3_600_000);
