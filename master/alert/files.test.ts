import { afterAll, beforeEach, expect, test } from "bun:test";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { maxFileBytes, RuleFiles } from "./files.ts";
import { faultLine } from "./rule-faults.ts";

const root = mkdtempSync(join(tmpdir(), "atlhyper-rules-"));
afterAll(() => rmSync(root, { recursive: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, "f-"));
});

const rule = (id: string, more = "") => `- id: ${id}\n  condition: {type: problem}\n${more}`;
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

function open(path = folder) {
  const told: string[] = [];
  const known = { tenants: new Map([["acme", "t1"]]), owners: new Map<string, string | undefined>() };
  const files = new RuleFiles({
    path,
    known: async () => known,
    changed: () => told.push("changed"),
    taken: (file, rules) => told.push(`${file}: ${rules}`),
    refused: (file, faults) => told.push(...faults.map((one) => faultLine(file, one))),
    failed: (what, error) => told.push(`${what}: ${error}`),
    settleMs: 0,
  });
  return {
    files,
    known,
    /** Looks, and gives what was told and which rules count. */
    async look() {
      told.length = 0;
      await files.look();
      return { told: [...told], ids: files.rules.map((one) => one.id) };
    },
  };
}

test("every yaml file of a folder counts, with its name and its tenants' ids", async () => {
  put("b.yml", rule("b", "  tenant: ACME\n"));
  put("a.yaml", rule("a"));
  put("notes.txt", "- no");
  put(".hidden.yaml", "- no");
  mkdirSync(join(folder, "folder.yaml"));
  const { files, look } = open();
  expect(await look()).toEqual({ told: ["a.yaml: 1", "b.yml: 1", "changed"], ids: ["a", "b"] });
  expect(files.rules).toMatchObject([{ file: "a.yaml" }, { file: "b.yml", tenant: "t1" }]);
  expect(await look()).toEqual({ told: [], ids: ["a", "b"] });
  const single = open(join(folder, "a.yaml"));
  expect((await single.look()).ids).toEqual(["a"]);
});

test("a file that becomes wrong counts as it was, and one that was always wrong not at all", async () => {
  put("a.yaml", rule("a") + rule("b"));
  put("z.yaml", rule("z", "  for: x\n"));
  const { files, look } = open();
  await look();
  put("a.yaml", rule("a") + rule("c", "  severity: bad\n"));
  const { told, ids } = await look();
  expect(ids).toEqual(["a", "b"]);
  expect(told).toEqual([
    'a.yaml:5: rule c, severity: has to be one of info, warning, critical, and is "bad"',
  ]);
  expect(files.views).toMatchObject([
    { file: "a.yaml", rules: 2, faults: [{ line: 5, rule: "c", path: "severity" }] },
    { file: "z.yaml", rules: 0, faults: [{ line: 3 }] },
  ]);
  expect((await look()).told).toEqual([]);
  put("a.yaml", rule("c"));
  expect(await look()).toEqual({ told: ["a.yaml: 1", "changed"], ids: ["c"] });
});

test("a file that goes takes its rules with it; a folder that goes takes nothing", async () => {
  put("a.yaml", rule("a"));
  put("b.yaml", rule("b"));
  const { files, look } = open();
  await look();
  rmSync(join(folder, "b.yaml"));
  expect(await look()).toEqual({ told: ["changed"], ids: ["a"] });
  renameSync(folder, `${folder}-away`);
  const { told, ids } = await look();
  expect(ids).toEqual(["a"]);
  expect(told[0]).toEndWith(": there is no such file or folder");
  expect(files.views).toHaveLength(2);
  renameSync(`${folder}-away`, folder);
  await look();
  expect(files.views).toMatchObject([{ file: "a.yaml", faults: [] }]);
});

test("links that Kubernetes swaps are followed", async () => {
  for (const [name, id] of [
    ["one", "a"],
    ["two", "b"],
  ] as const) {
    mkdirSync(join(folder, `..${name}`));
    put(`..${name}/rules.yaml`, rule(id));
  }
  symlinkSync("..one", join(folder, "..data"));
  symlinkSync("..data/rules.yaml", join(folder, "rules.yaml"));
  const { look } = open();
  expect((await look()).ids).toEqual(["a"]);
  symlinkSync("..two", join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  expect((await look()).ids).toEqual(["b"]);
});

test("an id that another file, or another tenant's rule, has is refused; one that was made here is not", async () => {
  put("a.yaml", rule("one"));
  put("b.yaml", rule("two") + rule("one"));
  const { look, known } = open();
  expect((await look()).told).toContain("b.yaml:3: rule one, id: a rule in a.yaml has this id, too");
  known.owners.set("one", undefined);
  expect((await look()).told).toEqual([]);
  known.owners.set("one", "t1");
  expect((await look()).told).toEqual([
    "a.yaml:1: rule one, id: a rule that was made in the page for another tenant has this id",
  ]);
  put("b.yaml", rule("two", "  tenant: nobody\n"));
  expect((await look()).told).toEqual(["b.yaml:1: rule two, tenant: there is no tenant named nobody"]);
});

test("what is too large, or may not be read, is told in words", async () => {
  put("large.yaml", "#".repeat(maxFileBytes + 1));
  put("secret.yaml", rule("s"));
  chmodSync(join(folder, "secret.yaml"), 0);
  const { look } = open();
  const { told } = await look();
  expect(told[0]).toBe("large.yaml: the file is larger than 256 KiB");
  // Root may read everything.
  if (process.getuid?.() !== 0) expect(told[1]).toBe("secret.yaml: it may not be read");
});

test("what was written a moment ago is left until it is whole", async () => {
  put("a.yaml", rule("a"));
  let now = Date.now() + 5000;
  const files = new RuleFiles({
    path: folder,
    known: async () => ({ tenants: new Map(), owners: new Map() }),
    changed: () => {},
    taken: () => {},
    refused: () => {},
    failed: () => {},
    now: () => now,
  });
  await files.start();
  expect(files.rules.map((one) => one.id)).toEqual(["a"]);
  put("a.yaml", rule("b"));
  now = statSync(join(folder, "a.yaml")).mtimeMs + 500;
  await files.look();
  expect(files.rules.map((one) => one.id)).toEqual(["a"]);
  now += 1000;
  await files.look();
  expect(files.rules.map((one) => one.id)).toEqual(["b"]);
  await files.stop();
});
