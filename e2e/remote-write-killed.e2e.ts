import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeTrace } from "../bench/samples/trace.ts";
import { addCluster } from "../master/database/clusters.ts";
import { openDatabase } from "../master/database/database.ts";
import { nineDigits } from "../master/api/digits.ts";
import { startTestMaster } from "../master/harness.ts";
import { metricOf } from "../master/prometheus/names.ts";
import { type Line, prometheus, startPrometheus } from "./lib/prometheus.ts";
import { pushSnapshots } from "./lib/push.ts";
import { eventually } from "./lib/wait.ts";

if (!prometheus)
  console.log(
    "skipped: a real Prometheus takes remote write of a killed master: prometheus is not installed",
  );

const fixture = join(import.meta.dir, "../master/control/master.fixture.ts");
const port = 19_094;
const kills = 8;
const nodes = 3;

test.skipIf(!prometheus)(
  "kill -9 of the master while it sends, and while the store is away for longer than memory holds: the store has all that the history has",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "atlhyper-remote-"));
    const setUp = openDatabase(folder);
    const { token } = await addCluster(setUp, "home");
    setUp.close();
    const traces = Array.from({ length: nodes }, (_, number) => new NodeTrace(number));
    const config = { remoteWriteUrl: `http://127.0.0.1:${port}/api/v1/write`, remoteWriteQueueBytes: 20_000 };
    const fromMs = Date.now() - 1000;
    let store = await startPrometheus(folder, port);

    /** A master that takes samples, 20 times a second of every node, and is killed. */
    async function killedAfter(ms: number): Promise<void> {
      const child = Bun.spawn([process.execPath, fixture, folder, JSON.stringify(config)], {
        stdout: "pipe",
        stderr: "inherit",
      });
      const reader = child.stdout.getReader();
      const url = new TextDecoder().decode((await reader.read()).value).trim();
      for (const until = Date.now() + ms; Date.now() < until; ) {
        const now = Date.now();
        const snapshots = traces.map((one) => ({ ...one.at(now), timestamp: new Date(now).toISOString() }));
        await pushSnapshots(url, token, now, snapshots);
        await Bun.sleep(100);
      }
      child.kill("SIGKILL");
      await child.exited;
    }

    try {
      for (let kill = 0; kill < kills; kill++) {
        // Twice it is away while there is a master that is killed, and back while there is another.
        if (kill === 2 || kill === 5) await store.stop("SIGKILL");
        if (kill === 4 || kill === 6) store = await startPrometheus(folder, port);
        // At any moment of gathering, sending and noting.
        await killedAfter(4000 + Math.random() * 4000);
      }
      await using master = await startTestMaster({ ...config, data: folder });
      const state = () => master.parts.remoteWrite!.state();
      await eventually("it has caught up", () => state().behindSinceMs === undefined, 60_000);
      expect(state()).toMatchObject({ refused: 0, goneMs: 0, late: 0 });
      let samples = 0;
      for (let number = 0; number < nodes; number++) {
        const { body } = await master.api(
          `/api/v1/query_range?${new URLSearchParams({ cluster: "home", kind: "Node", name: `node-${number}`, step: "0", from: String(fromMs) })}`,
        );
        const { times, series } = body as unknown as {
          times: number[];
          series: { group: string; name: string; unit: never; values: (number | null)[] }[];
        };
        expect(series.length).toBeGreaterThan(70);
        for (const { values, ...one } of series) {
          const { metric, labels } = metricOf("node", one);
          const match = Object.entries({ ...labels, cluster: "home", node: `node-${number}` });
          const { result } = await store.ask<{ result: Line[] }>("/api/v1/query", {
            query: `${metric}{${match.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join()}}[10m]`,
          });
          expect(result).toHaveLength(1);
          const theirs = new Map(
            result[0]!.values.map(([seconds, value]) => [
              Math.round(seconds * 1000),
              nineDigits(Number(value)),
            ]),
          );
          // It may have what was killed before it was in the journal here.
          const missing = times.filter((ms, at) => values[at] !== null && theirs.get(ms) !== values[at]);
          expect({ metric, missing }).toEqual({ metric, missing: [] });
          samples += times.length;
        }
      }
      expect(samples).toBeGreaterThan(40_000);
      console.log(`killed: ${kills} times, ${samples} samples compared`);
    } finally {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  240_000,
);
