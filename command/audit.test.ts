import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Database } from "bun:sqlite";

const main = resolve(import.meta.dir, "../main.ts");

function atlhyper(data: string, ...args: string[]) {
  const done = Bun.spawnSync([process.execPath, main, ...args], {
    env: { PATH: process.env.PATH, ATLHYPER_DATA: data },
  });
  return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() };
}

test("the command line records what it does, and finds what was done behind its back", () => {
  const data = mkdtempSync(join(tmpdir(), "atlhyper-cli-"));
  try {
    const token = atlhyper(data, "cluster", "add", "edge").out.trim();
    const api = atlhyper(data, "token", "create", "--name", "ci", "--role", "viewer").out.trim();
    expect(atlhyper(data, "cluster", "add", "edge").code).toBe(2);
    expect(atlhyper(data, "cluster", "remove", "edge").code).toBe(0);
    const verified = atlhyper(data, "audit", "verify");
    expect(verified).toMatchObject({ code: 0, err: "" });
    expect(verified.out).toMatch(/^3 entries verified; the last is 3:[0-9a-f]{64}\n$/);
    const exported = atlhyper(data, "audit", "export");
    const lines = exported.out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { seq: 1, actor: { kind: "cli" }, action: "cluster.add", object: "cluster edge", result: "ok" },
      { seq: 2, action: "token.create", object: "token ci", detail: { role: "viewer" } },
      { seq: 3, action: "cluster.remove", object: "cluster edge", cluster: lines[0].cluster },
    ]);
    for (const secret of [token, api]) expect(exported.out).not.toContain(secret);
    expect(atlhyper(data, "audit", "export", "--to", "2020-01-01").out).toBe("");
    const known = /(\d+:[0-9a-f]+)/.exec(verified.out)![1]!;
    expect(atlhyper(data, "audit", "verify", "--known", known).code).toBe(0);

    const db = new Database(join(data, "atlhyper.db"));
    db.run("UPDATE audit SET actor = 'somebody' WHERE seq = 2");
    db.close();
    expect(atlhyper(data, "audit", "verify")).toMatchObject({
      code: 1,
      err: "atlhyper: the audit log does not verify: entry 2 was changed, or the one before it was\n",
    });
    expect(atlhyper(data, "audit", "verify", "--known", "x").code).toBe(2);
  } finally {
    rmSync(data, { recursive: true });
  }
}, 30_000);
