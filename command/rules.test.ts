import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRules } from "../master/alert/defaults.ts";
import { atOnce } from "../master/alert/slices.ts";
import { readRules } from "../master/alert/yaml/read.ts";
import { putRule } from "../master/database/alerts.ts";
import { openDatabase } from "../master/database/database.ts";
import { addTenant } from "../master/database/tenants.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-rules-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]) {
  const child = Bun.spawn([process.execPath, "main.ts", "rules", ...args], {
    cwd: join(import.meta.dir, ".."),
    env: { PATH: process.env.PATH ?? "", ATLHYPER_DATA: join(folder, "data") },
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

test("files are checked with an exit code, and each fault at its line", async () => {
  const good = join(folder, "good.yaml");
  const bad = join(folder, "bad.yaml");
  writeFileSync(good, "- id: a\n  condition: {type: problem}\n");
  writeFileSync(
    bad,
    "- id: b\n  condition: {type: problem}\n  for: soon\n- id: a\n  condition: {type: problem}\n",
  );
  const [fine, wrong, missing, none] = await Promise.all([
    run("check", good),
    run("check", folder, join(folder, "none.yaml")),
    run("check"),
    run("chekc"),
  ]);
  expect(fine).toEqual({ code: 0, out: "1 rule, nothing wrong\n", err: "" });
  expect(wrong.code).toBe(1);
  expect(wrong.err).toBe(
    `atlhyper: ${bad}:3: rule b, for: a duration is written as 30s, 5m, 1h or 2d\n` +
      `atlhyper: ${join(folder, "none.yaml")}: there is no such file or folder\n`,
  );
  expect([missing.code, none.code]).toEqual([2, 2]);
  writeFileSync(bad, "- id: a\n  condition: {type: problem}\n");
  expect((await run("check", folder)).err).toBe(
    `atlhyper: ${good}:1: rule a, id: a rule in ${bad} has this id, too\n`,
  );
}, 20_000);

test("what was made and changed in the pages is exported, and is the same when it is read", async () => {
  const db = openDatabase(join(folder, "data"));
  const tenant = await addTenant(db, "acme");
  const [first, second] = defaultRules;
  await putRule(db, { ...first!, enabled: false });
  await putRule(db, { ...second!, id: "own", tenant });
  db.close();
  const { code, out } = await run("export");
  expect(code).toBe(0);
  const { rules } = atOnce(readRules(out));
  expect(rules.map(({ line: _, ...one }) => one)).toEqual([
    { ...first!, enabled: false },
    { ...second!, id: "own", tenant: "acme" },
  ]);
  expect(atOnce(readRules((await run("export", "--all")).out)).rules).toHaveLength(defaultRules.length + 1);
}, 20_000);
