import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCluster } from "../master/database/clusters.ts";
import { openDatabase } from "../master/database/database.ts";
import { startTestMaster } from "../master/harness.ts";
import { pushSnapshots } from "./lib/push.ts";

const fixture = join(import.meta.dir, "../master/control/master.fixture.ts");

/** Times are kept to a tenth of a second, and never later. */
const tenth = (ms: number) => Math.floor(ms / 100) * 100;

test("kill -9 while samples flow: nothing is missing that came more than two seconds before", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  const setUp = openDatabase(folder);
  const { token, id } = await addCluster(setUp, "home");
  setUp.close();
  const sent: number[] = [];
  const kills: number[] = [];
  try {
    for (let round = 0; round < 3; round++) {
      const child = Bun.spawn([process.execPath, fixture, folder], { stdout: "pipe", stderr: "inherit" });
      const reader = child.stdout.getReader();
      const url = new TextDecoder().decode((await reader.read()).value).trim();
      const begin = sent.length;
      // Until some of it has been there for longer than may be missing.
      while (sent.length < begin + 5 || Date.now() - sent[begin + 4]! < 2100) {
        const ms = Date.now();
        const snapshots = ["n1", "n2"].map((nodeName) => ({
          nodeName,
          timestamp: new Date(ms).toISOString(),
          cpu: { usage: (ms % 1000) / 1000 },
        }));
        await pushSnapshots(url, token, ms, snapshots);
        // To a tenth of a second, which samples of a real probe are never as near as.
        sent.push(ms);
        await Bun.sleep(110);
      }
      child.kill("SIGKILL");
      kills.push(Date.now());
      await child.exited;
      await using master = await startTestMaster({ data: folder });
      for (const name of ["n1", "n2"]) {
        const found = master.parts.metrics.over(
          { cluster: id, kind: "Node", name },
          { fromMs: sent[0]! - 1000, toMs: Date.now(), stepMs: 0 },
        )!;
        const { avg } = found.series[0]!.values;
        const stored = new Map([...found.times].map((time, at) => [time, avg[at]!]));
        for (const ms of sent) {
          const value = stored.get(tenth(ms));
          if (value !== undefined) expect(value).toBeCloseTo((ms % 1000) / 1000, 3);
        }
        // Each by the kill that came next. Not ten seconds, in fact, but one commit's time.
        const due = sent.filter((ms) => kills.every((kill) => ms > kill || kill - ms > 2000));
        expect(due.filter((ms) => !stored.has(tenth(ms)))).toEqual([]);
        expect(due.length).toBeGreaterThan(kills.length * 3);
      }
      const { integrity_check } = master.database.metrics.query("PRAGMA integrity_check").get() as {
        integrity_check: string;
      };
      expect(integrity_check).toBe("ok");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 40_000);
