import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startTestMaster } from "../master/harness.ts";

const main = resolve(import.meta.dir, "../main.ts");

test("tenants, roles and tokens are set up on the master's machine, beside the master", async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-tenant-"));
  const run = async (...args: string[]) => {
    const child = Bun.spawn([process.execPath, main, ...args], {
      env: { ...process.env, ATLHYPER_DATA: folder },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    return { code: await child.exited, out: out.trim(), err };
  };
  {
    await using master = await startTestMaster({ data: folder });
    const { access } = master.parts;
    await access.users.add("ana", "admin", "a long enough password");
    await access.users.add("bo", { role: "viewer", tenant: "default" }, "a long enough password");
    expect((await run("tenant", "add", "Shop")).code).toBe(0);
    expect((await run("tenant", "add", "shop")).err).toContain("there is a tenant named shop already");
    expect((await run("cluster", "add", "prod", "--tenant", "shop")).out).toStartWith("atlc_");
    expect((await run("cluster", "add", "edge")).code).toBe(0);
    expect((await run("tenant", "list")).out).toBe("default\t1 clusters\nShop\t1 clusters");
    expect((await run("tenant", "remove", "shop")).err).toContain("it owns clusters");
    expect(
      (await run("user", "grant", "bo", "--role", "operator", "--cluster", "prod", "--namespaces", "a,b"))
        .code,
    ).toBe(0);
    expect((await run("user", "list")).out).toContain(
      "bo\tviewer in default; operator in Shop, cluster prod, namespaces a, b\t",
    );
    expect((await run("user", "grant", "bo", "--role", "root")).err).toContain("--role must be one of");
    expect((await run("user", "ungrant", "bo", "--role", "viewer", "--tenant", "default")).code).toBe(0);
    expect((await run("user", "ungrant", "ana", "--role", "admin")).err).toContain("the only administrator");
    const { out: token } = await run(
      "token",
      "create",
      "--name",
      "ci",
      "--role",
      "operator",
      "--tenant",
      "shop",
      "--read-only",
      "--days",
      "30",
    );
    expect(await access.authenticateToken(token)).toMatchObject({ role: "operator", readOnly: true });
    expect((await run("token", "list")).out).toContain("\tci\toperator in Shop, reads only\tnobody's\t");
    expect((await run("cluster", "move", "prod", "--tenant", "default")).code).toBe(0);
    expect((await run("tenant", "remove", "shop")).code).toBe(0);
    // The roles and tokens in it went with it.
    expect((await run("user", "list")).out).toContain("bo\tno role\t");
    expect((await run("token", "list")).out).toBe("");
    const { items } = await master.parts.trail.search({ limit: 100 }, () => true);
    expect(items.map((one) => one.action)).toEqual([
      "tenant.remove",
      "cluster.move",
      "token.create",
      "user.ungrant",
      "user.grant",
      "cluster.add",
      "cluster.add",
      "tenant.add",
    ]);
  }
  rmSync(folder, { recursive: true });
}, 60_000);
