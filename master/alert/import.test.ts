import { afterAll, expect, test } from "bun:test";
import { createToken } from "../database/tokens.ts";
import { addTenant } from "../database/tenants.ts";
import { signedIn } from "../web/testing/signed-in.ts";
import { startAlertMaster } from "./testing.ts";

const { master } = await startAlertMaster();
afterAll(() => master.stop());
const { database, alerting } = master.parts;
const acme = await addTenant(database, "acme");
await addTenant(database, "other");
const admin = await createToken(database, { name: "a", role: "admin" });
const acmeAdmin = await createToken(database, { name: "t", role: "admin", tenant: acme });
const acmeViewer = await createToken(database, { name: "v", role: "viewer", tenant: acme });

async function ask(token: string, path: string, body?: string) {
  const response = await fetch(`${master.url}/api/v1/alert-rules${path}`, {
    ...(body === undefined ? {} : { method: "POST", body }),
    headers: { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), text };
}
const put = async (token: string, path: string, body: string) => {
  const { status, text } = await ask(token, path, body);
  return { status, body: JSON.parse(text) };
};
const rule = (id: string, more = "") => `- id: ${id}\n  condition: {type: problem}\n${more}`;
const idsOf = (yaml: string) => [...yaml.matchAll(/^- id: (.*)$/gm)].map(([, id]) => id);

test("a file of rules is taken as a whole, and what is exported then is the same when it is taken again", async () => {
  const file = `${rule("one", "  for: 5m\n")}${rule("two", "  tenant: Acme\n")}${rule("disk-full", "  severity: info\n")}`;
  const dry = await put(admin, "/import?dry=true", file);
  expect(dry).toEqual({ status: 200, body: { added: ["one", "two"], changed: ["disk-full"], same: 0 } });
  expect((await ask(admin, "?format=yaml")).text).toBe("[]\n");
  expect((await put(admin, "/import", file)).body.added).toEqual(["one", "two"]);
  const { text, type } = await ask(admin, "?format=yaml");
  expect(type).toBe("application/yaml; charset=utf-8");
  expect(idsOf(text).sort()).toEqual(["disk-full", "one", "two"]);
  expect(text).toContain("tenant: acme");
  const before = JSON.stringify(alerting.engine.rules);
  expect((await put(admin, "/import", text)).body).toEqual({ added: [], changed: [], same: 3 });
  expect(JSON.stringify(alerting.engine.rules)).toBe(before);
  const all = await ask(admin, "?format=yaml&all=true");
  expect((await put(admin, "/import", all.text)).body).toMatchObject({ added: [], changed: [] });
  expect(alerting.engine.originOf(alerting.engine.rules.find((one) => one.id === "claim-lost")!)).toBe(
    "default",
  );
});

test("one fault, and nothing of it is taken", async () => {
  const answer = await put(admin, "/import", rule("three") + rule("four", "  for: x\n  keep: y\n"));
  expect(answer.status).toBe(422);
  expect(answer.body.detail).toBe(
    "rules:5: rule four, for: a duration is written as 30s, 5m, 1h or 2d (and 1 more)",
  );
  expect((await ask(admin, "?format=yaml")).text).not.toContain("three");
});

test("each change is in the audit log, with who did it", async () => {
  const entries = database.main
    .query("SELECT * FROM audit")
    .all()
    .map((one) => JSON.stringify(one));
  for (const [action, name] of [
    ["rule.add", "rule two"],
    ["rule.change", "rule disk-full"],
  ])
    expect(
      entries.filter((one) => one.includes(action!) && one.includes(name!)),
      name,
    ).toHaveLength(1);
});

test("who administers a tenant takes rules for it, hears nothing of others', and touches none of them", async () => {
  const mine = await put(acmeAdmin, `/import?tenant=${acme}`, rule("mine"));
  expect(mine.body.added).toEqual(["mine"]);
  expect(alerting.engine.rules.find((one) => one.id === "mine")?.tenant).toBe(acme);
  const refused: [string, string][] = [
    [rule("new"), "this needs the role admin there"],
    [rule("one"), "this id is taken: choose another"],
    [rule("new", "  tenant: other\n"), "there is no tenant named other"],
    [rule("new", "  tenant: none\n"), "there is no tenant named none"],
    [rule("claim-lost"), "this needs the role admin there"],
  ];
  for (const [text, why] of refused) {
    const answer = await put(acmeAdmin, "/import", text);
    expect(answer.body.detail, text).toContain(why);
    expect(answer.status).toBe(422);
  }
  expect(idsOf((await ask(acmeAdmin, "?format=yaml")).text)).toEqual(["mine", "two"]);
  expect((await put(acmeViewer, "/import", rule("x"))).status).toBe(403);
  const readOnly = await createToken(database, { name: "r", role: "admin", readOnly: true });
  expect((await put(readOnly, "/import", rule("x"))).status).toBe(403);
  // A rule stays whose it is.
  expect((await put(admin, "/import", rule("two", "  tenant: other\n"))).body.detail).toContain(
    "stays whose it is",
  );
});

test("in the page the difference is shown first, and only that is taken", async () => {
  const ada = await signedIn(master, "admin", { name: "ada" });
  const page = "/alerts/rules/import";
  const yaml = rule("one", "  for: 7m\n") + rule("five");
  const shown = await ada.post(page, { do: "compare", where: "", yaml: yaml.replaceAll("\n", "\r\n") });
  for (const said of ["1 new rule, 1 changed", "−   for: 5m", "+   for: 7m", "Take 2 rules", "- id: five"])
    expect(shown.text).toContain(said);
  const [, state = ""] = /name="state" value="(\w+)"/.exec(shown.text) ?? [];
  await put(admin, "/import", rule("one", "  for: 6m\n"));
  const stale = await ada.post(page, { do: "take", where: "", yaml, state });
  expect(stale.text).toContain("these rules have changed since: look at the difference again");
  const [, again = ""] = /name="state" value="(\w+)"/.exec(stale.text) ?? [];
  expect((await ada.post(page, { do: "take", where: "", yaml, state: again })).status).toBe(303);
  expect(alerting.engine.rules.find((one) => one.id === "one")?.forMs).toBe(420_000);
  expect((await ada.post(page, { do: "compare", where: "", yaml })).text).toContain("Nothing to take");
  const wrong = await ada.post(page, { do: "compare", where: "", yaml: "- id: a\n  condition: {}\n" });
  for (const said of ["1 thing is wrong", "line 2, rule a", "condition.type"])
    expect(wrong.text).toContain(said);
  const list = await ada.get("/alerts/rules");
  expect(list).toContain('href="/api/v1/alert-rules?format=yaml"');
  const vera = await signedIn(master, "viewer", { name: "vera" });
  expect(await vera.get("/alerts/rules")).not.toContain("Import rules");
  // Some hundred rules are more than other forms may be.
  const many = Array.from({ length: 1000 }, (_, at) => rule(`m${at}`)).join("");
  expect((await ada.post(page, { do: "compare", where: "", yaml: many })).text).toContain("1,000 new rules");
});
