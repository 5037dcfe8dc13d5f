import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findUser } from "../master/database/users.ts";
import { startTestMaster } from "../master/harness.ts";

const main = resolve(import.meta.dir, "../main.ts");

async function run(folder: string, args: string[], input = "", more: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, main, "user", ...args], {
    env: { ...process.env, ATLHYPER_DATA: folder, ...more },
    stdin: new TextEncoder().encode(input),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { code: await child.exited, out, err };
}

test("who cannot sign in any more is helped on the master's machine, beside the master", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-user-"));
  {
    await using master = await startTestMaster({ data: folder });
    const { access } = master.parts;
    const id = await access.users.add("ana", "admin", "a long enough password");
    const list = await run(folder, ["list"]);
    expect(list.out).toBe("ana\tadmin everywhere\tpassword alone\tnever signed in\n");
    const before = (await findUser(master.database, { id }))!.passwordHash;
    expect((await run(folder, ["set-password", "ana"], "short\n")).code).toBe(2);
    expect((await run(folder, ["set-password", "bo"], "another long password\n")).err).toContain(
      "no user named bo",
    );
    const done = await run(folder, ["set-password", "ana"], "another long password\n");
    expect(done.code).toBe(0);
    expect(`${done.out}${done.err}`).not.toContain("another long password");
    expect((await findUser(master.database, { id }))!.passwordHash).not.toBe(before);
    await access.secondFactors.begin(id, "ana");
    expect((await run(folder, ["reset-second-factor", "ana"])).code).toBe(0);
    expect(await access.secondFactors.pending(id, "ana")).toBeUndefined();
  }
  rmSync(folder, { recursive: true });
}, 20_000);

test("a password that is set from the command line keeps the same rules as on the pages", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-user-"));
  {
    await using master = await startTestMaster({ data: folder });
    await master.parts.access.users.add("ana maria lopez", "admin", "a long enough password");
    const list = join(folder, "breached");
    writeFileSync(list, `${new Bun.CryptoHasher("sha1").update("sommer 2024 sommer").digest("hex")}:5\n`);
    const rules = { ATLHYPER_PASSWORD_LENGTH: "14", ATLHYPER_PASSWORD_BREACHED: list };
    const set = (password: string, more: Record<string, string> = rules) =>
      run(folder, ["set-password", "ana maria lopez"], `${password}\n`, more);
    for (const [password, why] of [
      ["thirteen char", "at least 14 characters"],
      ["sommer 2024 sommer", "got out somewhere"],
      ["Ana Maria Lopez", "is the user's name"],
      ["..............", "one character over and over"],
    ] as const) {
      const { code, err } = await set(password);
      expect([password, code]).toEqual([password, 2]);
      expect(err).toContain(why);
    }
    expect((await set("fourteen chars")).code).toBe(0);
    const wrong = await set("fourteen chars", { ATLHYPER_PASSWORD_BREACHED: join(folder, "nosuch") });
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("ATLHYPER_PASSWORD_BREACHED cannot be read (ENOENT)");
  }
  rmSync(folder, { recursive: true });
}, 30_000);
