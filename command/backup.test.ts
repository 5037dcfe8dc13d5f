import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startTestMaster } from "../master/harness.ts";
import { verifyAudit } from "../master/audit/verify.ts";
import { auditKey } from "../master/audit/key.ts";

const main = resolve(import.meta.dir, "../main.ts");

test("a backup taken while the master runs and takes events is restored whole, and no other file is", async () => {
  const root = mkdtempSync(join(tmpdir(), "atlhyper-backup-"));
  const run = async (data: string, ...args: string[]) => {
    const child = Bun.spawn([process.execPath, main, ...args], {
      env: { ...process.env, ATLHYPER_DATA: data },
      stdout: "pipe",
      stderr: "pipe",
    });
    const err = await child.stderr.text();
    return { code: await child.exited, err };
  };
  const first = join(root, "first");
  const second = join(root, "second");
  const file = join(root, "backup.tar");
  const events = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: `e${from + n}`,
      ts_ms: Date.now() - n,
      kind: "Pod",
      name: "web",
      reason: "R",
      severity: "warning",
    }));
  {
    await using master = await startTestMaster({ data: first });
    await master.parts.access.users.add("ada", "admin", "a long enough password");
    const cluster = await master.addCluster("home");
    const push = (from: number, count: number) =>
      cluster.push("/ingest/events/v1/eventlog", "events", { events: events(from, count) });
    await push(0, 2000);
    // It goes on taking events meanwhile.
    let stopped = false;
    const going = (async () => {
      for (let n = 2000; !stopped; n += 50) await push(n, 50);
    })();
    expect((await run(first, "backup", file)).code).toBe(0);
    stopped = true;
    await going;
    expect((await run(first, "backup", file)).err).toContain("is there already");
    expect((await run(first, "restore", file)).err).toContain("--replace");
    expect((await run(first, "restore", file, "--replace")).err).toContain("a master is running");
    expect(readdirSync(first).filter((one) => /backup|restore/.test(one))).toEqual([]);
  }
  expect((await run(second, "restore", file)).code).toBe(0);
  {
    await using master = await startTestMaster({ data: second });
    expect((await master.parts.access.users.list()).map((one) => one.name)).toEqual(["ada"]);
    expect(master.parts.history.search({}).total).toBeGreaterThanOrEqual(2000);
    expect((await verifyAudit(master.database, auditKey(second, ""))).fault).toBeUndefined();
  }
  expect((await run(second, "restore", file, "--replace")).code).toBe(0);
  expect(readdirSync(second).some((one) => one.startsWith("before-restore-"))).toBe(true);

  const whole = readFileSync(file);
  const third = join(root, "third");
  const refused = async (bytes: Uint8Array) => {
    const bad = join(root, "bad.tar");
    writeFileSync(bad, bytes);
    const { code, err } = await run(third, "restore", bad);
    expect(code).toBe(2);
    expect(readdirSync(third)).toEqual([]);
    return err;
  };
  expect(await refused(whole.subarray(0, whole.length / 2))).toContain("cut short");
  expect(await refused(Buffer.from("not a tar".repeat(200)))).toContain("no tar file");
  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 512 + 4096, 512 + 3 * 4096);
  expect(await refused(damaged)).toContain("is damaged");
  const named = Buffer.from(whole);
  named.write("../evil.db\0", 0);
  expect(await refused(named)).toMatch(/damaged|no backup/);
  rmSync(root, { recursive: true });
}, 60_000);
