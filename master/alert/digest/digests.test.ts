import { afterEach, beforeEach, expect, test } from "bun:test";
import type { AlertView, Muted, SilenceView } from "../../../views/alert-model.ts";
import { addHistory, type HistoryEntry } from "../../database/alerts.ts";
import { type Database, openDatabase } from "../../database/database.ts";
import { pruneSubjects, putSubjects } from "../../database/digests.ts";
import { addTenant } from "../../database/tenants.ts";
import { startMail } from "../../notify/mail-server.ts";
import { alertOf, startOutbox } from "../../notify/testing.ts";
import { Digests } from "./digests.ts";

const at = (text: string) => Date.parse(`${text}Z`);
let now = 0;
let database: Database;
let mail: Awaited<ReturnType<typeof startMail>>;
let master: Awaited<ReturnType<typeof startMaster>>;
const state = {
  alerts: new Map<string, AlertView>(),
  muted: new Map<string, Muted>(),
  silences: [] as SilenceView[],
  maintenance: [],
  owners: new Map<string, string>(),
};
const clusters = [
  { id: "c1", name: "prod", connection: "connected" as const, lastSeenMs: 1 },
  { id: "c2", name: "edge", connection: "silent" as const, lastSeenMs: at("2026-01-14T20:15") },
];

/** All that a start of the master starts of it. */
async function startMaster() {
  const outbox = await startOutbox({ database, now: () => now });
  const faults: unknown[] = outbox.faults;
  const digests = new Digests({
    ...outbox,
    state,
    clusters: () => clusters,
    publicUrl: "https://hyper.example",
    failed: (_what, error) => faults.push(error),
    now: () => now,
  });
  await outbox.sender.start();
  return { ...outbox, digests };
}
const restart = async () => {
  await master.sender.stop();
  master = await startMaster();
};
beforeEach(async () => {
  database = openDatabase(":memory:");
  now = at("2026-01-14T10:00");
  mail = await startMail();
  master = await startMaster();
  state.alerts.clear();
  state.silences = [];
  state.owners.clear();
});
afterEach(async () => {
  expect(master.faults).toEqual([]);
  await master.stop();
  await mail.stop();
});

const settings = (more: Record<string, string> = {}) => ({
  host: "mail.test",
  port: mail.port,
  security: "none",
  from: "hyper@example.org",
  to: "ana@example.org",
  digest: "daily",
  digestHour: "8",
  digestZone: "Europe/Berlin",
  ...more,
});
async function happened(
  name: string,
  what: HistoryEntry["what"],
  text: string,
  more: Partial<AlertView> = {},
) {
  const one = { ...alertOf(name), ...more };
  await addHistory(database, [{ fingerprint: one.fingerprint, atMs: at(text), what, by: "", note: "" }]);
  await putSubjects(database, [one]);
  return one;
}
async function look(text: string) {
  now = at(text);
  await master.digests.look();
  // The outbox sends what is written down; that takes a moment.
  for (let n = 0; n < 100; n++) {
    const open = database.main.query("SELECT 1 FROM deliveries WHERE ended_ms IS NULL").all();
    if (open.length === 0) break;
    await Bun.sleep(5);
  }
}
/** The parts of a mail as they are read. */
function read(text: string) {
  const part = (type: string) => {
    const found = new RegExp(
      `Content-Type: ${type}[^]*?Content-Transfer-Encoding: (\\S+)\\r\\n\\r\\n([^]*?)\\r\\n(?:\\r\\n)?--`,
    ).exec(text)!;
    const [, encoding, body = ""] = found;
    if (encoding === "base64") return Buffer.from(body, "base64").toString();
    if (encoding === "7bit") return body;
    const bytes = body
      .replace(/=\r\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString();
  };
  return { text: part("text/plain").replace(/\r/g, ""), html: part("text/html") };
}

test("a digest tells what happened, what fires and who is silent, once, whatever is restarted in between", async () => {
  const channel = await master.add("email", settings());
  await look("2026-01-14T10:01");
  await happened("web", "firing", "2026-01-14T11:00");
  await happened("web", "resolved", "2026-01-14T13:30");
  await happened("web", "firing", "2026-01-14T22:00");
  const api = await happened("api", "firing", "2026-01-13T22:00", { severity: "warning" });
  state.alerts.set("api", { ...api, firedMs: at("2026-01-13T22:00"), ack: { by: "ben", atMs: 1, note: "" } });
  state.silences = [
    {
      id: "s",
      matchers: [{ name: "name", op: "=", value: "x" }],
      comment: "being <repaired>",
      by: "eve",
      createdMs: 1,
      startsMs: 1,
      endsMs: at("2026-01-15T12:00"),
    },
  ];
  await look("2026-01-15T06:59");
  expect(mail.mails).toEqual([]);
  await look("2026-01-15T07:00:30");
  await look("2026-01-15T07:01");
  await restart();
  await look("2026-01-15T07:02");
  expect(mail.mails.length).toBe(1);
  const { text, html } = read(mail.mails[0]!.text);
  expect(mail.mails[0]!.text).toContain("Subject: [AtlHyper] Daily digest: fired 2 times, 1 alert fires now");
  expect(text).toBe(`Daily digest
14 Jan 2026, 08:00 – 15 Jan 2026, 08:00 (Europe/Berlin)

Alerts fired 2 times and were over once.

Fires now
- PodCrashLooping: shop/api (Warning · prod · taken by ben): 33h

Silent clusters
- edge: heard last 14 Jan 2026, 21:15

What fired, by rule
- PodCrashLooping (Critical): 2×

By cluster
- prod: 2×

Longest
- PodCrashLooping: shop/api (Warning · prod): 33h, fires still
- PodCrashLooping: shop/web (Critical · prod): 150m

Most frequent
- PodCrashLooping: shop/web (Critical · prod): 2×

Silences that end soon
- name="x" (being <repaired> · by eve): ends 15 Jan 2026, 13:00

https://hyper.example/alerts
This mail comes from a channel of AtlHyper, in which it can be changed or switched off: Alerts, Channels.`);
  expect(html).toContain('<a href="https://hyper.example/alerts/fp-api">PodCrashLooping: shop/api</a>');
  expect(html).toContain("being &lt;repaired&gt;");
  expect((await master.list(channel.id)).map(({ state, title }) => [state, title])).toEqual([
    ["sent", "[AtlHyper] Daily digest: fired 2 times, 1 alert fires now"],
  ]);
  await look("2026-01-16T07:01");
  expect(mail.mails.length).toBe(2);
});

test("one whose time passed while the master was away comes when it is back, unless that is late", async () => {
  await master.add("email", settings());
  await look("2026-01-14T10:01");
  await restart();
  await look("2026-01-15T18:30");
  expect(mail.mails.length).toBe(1);
  await restart();
  await look("2026-01-16T20:00");
  expect(mail.mails.length).toBe(1);
  await look("2026-01-17T07:01");
  expect(read(mail.mails[1]!.text).text).toContain("15 Jan 2026, 08:00 – 17 Jan 2026, 08:00");
});

test("with nothing to tell it says so in a line, or does not come; switched on again it begins anew", async () => {
  clusters.pop();
  const spoken = await master.add("email", settings({ language: "zh", digest: "weekly" }), "spoken");
  const quiet = await master.add("email", settings({ digestEmpty: "no", digest: "weekly" }), "quiet");
  await look("2026-01-14T10:01");
  await look("2026-01-19T07:01");
  expect(mail.mails.length).toBe(1);
  const { text } = read(mail.mails[0]!.text);
  expect(text).toContain("每周摘要\n");
  expect(text).toContain("没有触发过告警，当前没有触发中的告警，也没有失联的集群。");
  expect((await master.list(quiet.id)).length).toBe(0);
  const { settings: kept, sealed: _, createdMs: _c, id: _i, ...body } = spoken;
  for (const enabled of [false, true]) {
    await master.channels.put({ ...body, enabled, settings: kept } as never, spoken, undefined);
    await master.channels.load();
    await look(enabled ? "2026-01-26T07:10" : "2026-01-26T06:00");
  }
  expect(mail.mails.length).toBe(1);
  await look("2026-02-02T07:01");
  expect(mail.mails.length).toBe(2);
});

test("a tenant's channel tells of its clusters alone, and a channel of what it is told of", async () => {
  const shop = await addTenant(database, "shop");
  state.owners.set("c9", shop);
  const theirs = { cluster: "c9", labels: { ...alertOf("x").labels, cluster: "shop" } };
  await master.add("email", settings({ to: "shop@example.org" }), "shop", shop);
  await master.add("email", settings({ to: "all@example.org" }), "all");
  await look("2026-01-14T10:01");
  await happened("ours", "firing", "2026-01-14T11:00");
  await happened("theirs", "firing", "2026-01-14T11:00", theirs);
  state.silences = [
    {
      id: "s",
      matchers: [],
      comment: "of the installation",
      by: "eve",
      createdMs: 1,
      startsMs: 1,
      endsMs: at("2026-01-15T12:00"),
    },
    {
      id: "t",
      tenant: shop,
      matchers: [],
      comment: "of the tenant",
      by: "eve",
      createdMs: 1,
      startsMs: 1,
      endsMs: at("2026-01-15T12:00"),
    },
  ];
  await look("2026-01-15T07:01");
  const textTo = (to: string) => read(mail.mails.find((one) => one.to[0] === to)!.text).text;
  expect(textTo("shop@example.org")).toContain("fired once");
  expect(textTo("shop@example.org")).not.toMatch(/prod|of the installation/);
  expect(textTo("shop@example.org")).toContain("of the tenant");
  expect(textTo("all@example.org")).toContain("fired 2 times");
});

test("one can be had at once, of the time until now, which changes nothing of the next", async () => {
  const channel = await master.add("email", settings({ digest: "off" }));
  await happened("web", "firing", "2026-01-14T09:00");
  now = at("2026-01-14T10:00");
  expect(await master.digests.sendNow(channel)).toEqual({ ok: true, text: "250 taken as 42" });
  expect(read(mail.mails[0]!.text).text).toContain("13 Jan 2026, 11:00 – 14 Jan 2026, 11:00");
  await look("2026-01-15T07:01");
  expect(mail.mails.length).toBe(1);
});

test("what is forgotten of alerts goes with their history", async () => {
  await happened("web", "firing", "2026-01-14T09:00");
  await putSubjects(database, [alertOf("gone")]);
  await pruneSubjects(database);
  expect(database.main.query("SELECT fingerprint FROM alert_subjects").all()).toEqual([
    { fingerprint: "fp-web" },
  ]);
});

test("fifty thousand changes are summed page by page, and others have their turn in between", async () => {
  await master.add("email", settings());
  await look("2026-01-14T10:01");
  await putSubjects(
    database,
    Array.from({ length: 500 }, (_, n) => alertOf(`p${n}`)),
  );
  database.main.run(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 51000)
     INSERT INTO alert_history (fingerprint, at_ms, what, by_name, note)
     SELECT 'fp-p' || (i / 2 % 500), ${at("2026-01-14T11:00")} + i, iif(i % 2, 'resolved', 'firing'), '', '' FROM n`,
  );
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await look("2026-01-15T07:01");
  clearImmediate(counting);
  const { text } = read(mail.mails[0]!.text);
  expect(text).toContain("Alerts fired 25,000 times");
  expect(text).toContain("There was more than is counted here");
  // Others had their turn with every page.
  expect(turns).toBeGreaterThan(50);
});
