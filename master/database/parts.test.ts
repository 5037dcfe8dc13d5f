import { Database as Sqlite } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "./database.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-parts-"));
const db = openDatabase(folder);
const path = join(folder, "atlhyper.db");
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const put = (keys: string[], value: string) =>
  db.kysely
    .insertInto("settings")
    .values(keys.map((key) => ({ key, value })))
    .execute();
const keys = (text: string, count: number) => Array.from({ length: count }, (_, n) => `${text}${n}`);
const stored = (like: string) =>
  db.main.query<{ n: number }, [string]>("SELECT count(*) AS n FROM settings WHERE key LIKE ?").get(like)!.n;

test("a part that throws is taken back, those before it stay, and those after it are not run", async () => {
  const parts = [
    async () => void (await put(["a1"], "1")),
    async () => {
      await put(["a2"], "1");
      throw new Error("no");
    },
    async () => void (await put(["a3"], "1")),
  ];
  await expect(db.inParts(parts)).rejects.toThrow("no");
  expect([stored("a1"), stored("a2"), stored("a3")]).toEqual([1, 0, 0]);
  for (const [name, value] of [
    ["synchronous", 2],
    ["wal_autocheckpoint", 1000],
  ] as const)
    expect(Object.values(db.main.query(`PRAGMA ${name}`).get() as object)).toEqual([value]);
});

test("others write between the parts, and the log is folded back as it grows", async () => {
  const long = "x".repeat(3000);
  const order: string[] = [];
  const parts = Array.from({ length: 30 }, (_, n) => async () => {
    order.push("part");
    await put(keys(`b${n}-`, 100), long);
  });
  const all = db.inParts(parts);
  const other = db.transaction(async () => {
    order.push("other");
    await put(["c"], "1");
  });
  await Promise.all([all, other]);
  expect(order.indexOf("other")).toBeGreaterThanOrEqual(0);
  expect(order.indexOf("other")).toBeLessThan(order.length - 1);
  expect(stored("b%")).toBe(3000);
  // Nine megabytes were written; in the log is what some parts wrote.
  expect(statSync(`${path}-wal`).size).toBeLessThan(4_500_000);
  // What another process reads is the same, and the file is whole.
  using there = new Sqlite(path, { readonly: true });
  expect(there.query("SELECT count(*) AS n FROM settings WHERE key LIKE 'b%'").get()).toEqual({ n: 3000 });
  expect(there.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
});
