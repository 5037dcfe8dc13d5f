import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAlertMaster } from "../alert/testing.ts";
import { signedIn } from "./testing/signed-in.ts";

const folder = mkdtempSync(join(tmpdir(), "atlhyper-rules-"));
const file = join(folder, "shop.yaml");
writeFileSync(
  file,
  `- id: disk-full
  name: DiskFull
  severity: critical
  condition: {type: threshold, group: disk *, series: share, op: above, trigger: 80%, clear: 75%}
- id: shop-down
  name: ShopDown
  condition: {type: problem, reasons: [NoReplicasAvailable]}
`,
);
const { master, ask } = await startAlertMaster({ rules: folder }, { rulesEveryMs: 20 });
afterAll(async () => {
  await master.stop();
  rmSync(folder, { recursive: true });
});
const admin = await signedIn(master, "admin");
const viewer = await signedIn(master, "viewer");
const { engine } = master.parts.alerting;

async function until(what: () => unknown) {
  for (let n = 0; n < 200 && !what(); n++) await Bun.sleep(10);
  expect(what()).toBeTruthy();
}

test("rules of files are judged in the place of those that come along, and shown as their files'", async () => {
  expect(engine.rules.find((one) => one.id === "disk-full")).toMatchObject({
    file: "shop.yaml",
    condition: { trigger: 0.8 },
  });
  const list = await viewer.get("/alerts/rules");
  expect(list).toContain("ShopDown");
  expect(list).toContain("from shop.yaml");
  const shown = await viewer.get("/alerts/rules?edit=disk-full");
  expect(shown).toContain("This rule is in the file shop.yaml, and is changed there.");
  expect(shown).toContain("80%");
  const { body } = await ask("/api/v1/alert-rules");
  expect(body.items.find((one: { id: string }) => one.id === "shop-down")).toMatchObject({
    origin: "file",
    file: "shop.yaml",
  });
});

test("a rule of a file is tried out as it stands there, by everybody who reads it", async () => {
  const shown = await viewer.post("/alerts/rules", { do: "preview", id: "shop-down", range: "30d" });
  expect(shown.status).toBe(200);
  for (const said of [
    "Rule ShopDown",
    "It would not have fired within the last 30 days.",
    'value="30d" selected',
  ])
    expect(shown.text).toContain(said);
  expect((await viewer.post("/alerts/rules", { do: "preview", id: "none" })).status).toBe(404);
});

test("what a file has is not changed elsewhere, neither in the page nor by the API", async () => {
  const switched = await admin.post("/alerts/rules", { do: "switch", id: "shop-down" });
  expect(switched.status).toBe(422);
  expect(switched.text).toContain("this rule is in the file shop.yaml: it is changed there");
  expect((await ask("/api/v1/alert-rules/shop-down/remove", {})).status).toBe(409);
  expect(await admin.get("/alerts/rules?edit=shop-down")).not.toContain('name="trigger"');
});

test("a rule that was changed here is back when its file goes, and can be removed beneath it", async () => {
  const text = await Bun.file(file).text();
  writeFileSync(file, "[]");
  await until(() => engine.rules.every((one) => one.file === undefined));
  await admin.post("/alerts/rules", { do: "switch", id: "disk-full" });
  writeFileSync(file, text);
  await until(() => engine.rules.some((one) => one.file !== undefined));
  expect(await admin.get("/alerts/rules?edit=disk-full")).toContain("Remove that one");
  expect((await admin.post("/alerts/rules", { do: "remove", id: "disk-full" })).status).toBe(303);
  expect(await admin.get("/alerts/rules?edit=disk-full")).not.toContain("Remove that one");
  expect(engine.rules.find((one) => one.id === "disk-full")?.file).toBe("shop.yaml");
});

test("a file that is wrong is shown with its lines to who sees the whole, is in the log, and counts as it was", async () => {
  writeFileSync(file, "- id: shop-down\n  condition: {type: problem}\n  for: soon\n");
  await until(() => master.lines.some((one) => one.level === "error"));
  expect(master.lines.find((one) => one.level === "error")?.fields).toEqual({
    fault: "shop.yaml:3: rule shop-down, for: a duration is written as 30s, 5m, 1h or 2d",
  });
  expect(engine.rules.find((one) => one.id === "shop-down")?.forMs).toBe(0);
  const page = await viewer.get("/alerts/rules");
  for (const said of ["shop.yaml is wrong", "line 3, rule shop-down", "The 2 rules that it had"])
    expect(page).toContain(said);
  const tenant = await signedIn(master, "viewer", { name: "tina", tenant: "default" });
  expect(await tenant.get("/alerts/rules")).not.toContain("is wrong");
  const chinese = await viewer.get("/alerts/rules", { cookie: "atlhyper_lang=zh" });
  expect(chinese).toContain("第 3 行");
  const headers = { authorization: `Bearer ${await master.apiToken()}` };
  const metrics = await (await fetch(`${master.url}/metrics`, { headers })).text();
  expect(metrics).toContain('atlhyper_rule_files{state="wrong"} 1');
});
