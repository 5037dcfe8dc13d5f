import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSyncer } from "./syncer.ts";

/** Whether this process has a file open. */
const isOpen = (path: string) =>
  readdirSync("/proc/self/fd").some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  });

test("while a sync is under way any number of others become one, and nobody waits", () => {
  const folder = mkdtempSync(join(tmpdir(), "syncer-"));
  const path = join(folder, "file");
  const pending: (() => void)[] = [];
  try {
    const syncer = createSyncer(path, ((_: number, done: () => void) => void pending.push(done)) as never);
    // Before there is a file nothing happens.
    syncer();
    expect(pending).toHaveLength(0);
    writeFileSync(path, "x");
    for (let at = 0; at < 5; at++) syncer();
    expect(pending).toHaveLength(1);
    pending.shift()!();
    expect(pending).toHaveLength(1);
    pending.shift()!();
    expect(pending).toHaveLength(0);
    syncer();
    syncer.close();
    expect(isOpen(path)).toBe(true);
    pending.shift()!();
    expect(isOpen(path)).toBe(false);
    syncer();
    expect(pending).toHaveLength(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a real file is synced, and closed behind it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "syncer-"));
  const path = join(folder, "file");
  try {
    writeFileSync(path, "x");
    const syncer = createSyncer(path);
    syncer();
    await Bun.sleep(100);
    expect(isOpen(path)).toBe(true);
    syncer.close();
    expect(isOpen(path)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
