import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findUser } from "../master/database/users.ts";
import { startTestMaster } from "../master/harness.ts";

const main = resolve(import.meta.dir, "../main.ts");

async function run(folder: string, args: string[], input = "") {
  const child = Bun.spawn([process.execPath, main, "user", ...args], {
    env: { ...process.env, ATLHYPER_DATA: folder },
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
