import { Database as Sqlite } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { startReceiver } from "../alert/testing.ts";
import { setDelivery } from "../database/deliveries.ts";
import { migrate } from "../database/migrate.ts";
import { mainMigrations } from "../database/migrations.ts";
import { coalesced, mostAlerts } from "./message.ts";
import { mostAlertsOf } from "./registry.ts";
import { alertOf, notificationOf, startOutbox } from "./testing.ts";

let answer = () => new Response("ok");
const receiver = startReceiver(() => answer());
afterAll(() => receiver.stop());
const down = () => new Response("down", { status: 503 });
const namesOf = (one: { json(): unknown }) =>
  (one.json() as { alerts: { status: string; labels: { name: string } }[] }).alerts.map(
    ({ status, labels }) => `${labels.name} ${status}`,
  );

test("a receiver that is back gets the state of now first, with what is over since, and what it missed is recorded", async () => {
  answer = down;
  receiver.received.length = 0;
  const outbox = await startOutbox();
  const { id: channel } = await outbox.add("webhook", { url: receiver.url });
  await outbox.sender.start();
  await outbox.put(channel, notificationOf("d1", [alertOf("a"), alertOf("b")]));
  await receiver.got(2);
  await outbox.put(channel, notificationOf("d2", [alertOf("b"), alertOf("c"), alertOf("a", "resolved")]));
  await outbox.put(channel, notificationOf("d3", [alertOf("c"), alertOf("b", "resolved")]));
  // Nothing older is under way any more.
  while (receiver.received.at(-1)!.headers["webhook-id"] !== "d3") await Bun.sleep(5);
  answer = () => new Response("ok");
  const count = receiver.received.length;
  await receiver.got(count + 1);
  for (let n = 0; n < 300 && (await outbox.list(channel))[0]!.state !== "sent"; n++) await Bun.sleep(10);
  // One message, and the first that it takes: what fires now, and what is over of all that it was not told.
  expect(receiver.received.slice(count).map(namesOf)).toEqual([["c firing", "b resolved", "a resolved"]]);
  expect(receiver.received.at(-1)!.headers["webhook-id"]).toBe("d3");
  const all = await outbox.list(channel);
  expect(all.map(({ id, state, supersededBy }) => [id, state, supersededBy])).toEqual([
    ["d3", "sent", undefined],
    ["d2", "superseded", "d3"],
    ["d1", "superseded", expect.stringMatching(/^d[23]$/)],
  ]);
  expect(all[0]!.fingerprints.toSorted()).toEqual(["fp-a", "fp-b", "fp-c"]);
  expect(outbox.faults).toEqual([]);
  await outbox.stop();
});

test("what was under way at a kill is superseded where something newer waits, and sent again where not", async () => {
  answer = () => new Response("ok");
  receiver.received.length = 0;
  const outbox = await startOutbox();
  const { id: channel } = await outbox.add("webhook", { url: receiver.url });
  await outbox.put(channel, notificationOf("d1", [alertOf("a")], "g1"));
  await outbox.put(channel, notificationOf("d2", [alertOf("a", "resolved")], "g1"));
  await outbox.put(channel, notificationOf("d3", [alertOf("b")], "g2"));
  for (const id of ["d1", "d3"])
    await setDelivery(outbox.database, id, { state: "sending", attempts: 1, ended_ms: null });
  const again = await startOutbox({ database: outbox.database });
  await again.sender.start();
  const ids = () => receiver.received.map((one) => one.headers["webhook-id"]!);
  for (let n = 0; n < 300 && !["d2", "d3"].every((one) => ids().includes(one)); n++) await Bun.sleep(10);
  await again.sender.stop();
  const told = ids();
  expect(told.filter((one) => one !== "d1").sort()).toEqual(["d2", "d3"]);
  await outbox.stop();
});

test("a receiver that asks for patience is sent nothing of any group until then", async () => {
  receiver.received.length = 0;
  const asked: number[] = [];
  answer = () => {
    asked.push(performance.now());
    return asked.length === 1 ? new Response('{"retry_after":0.5}', { status: 429 }) : new Response("ok");
  };
  const outbox = await startOutbox();
  const { id: channel } = await outbox.add("webhook", { url: receiver.url });
  await outbox.sender.start();
  await outbox.put(channel, notificationOf("d1", [alertOf("a")], "g1"));
  await receiver.got(1);
  await outbox.put(channel, notificationOf("d2", [alertOf("b")], "g2"));
  await outbox.put(channel, notificationOf("d3", [alertOf("b", "resolved")], "g2"));
  await receiver.got(2);
  expect(asked[1]! - asked[0]!).toBeGreaterThan(490);
  expect(receiver.received[1]!.headers["webhook-id"]).toBe("d3");
  await outbox.stop();
});

test("a fault of our own while something is sent leaves nothing lying", async () => {
  receiver.received.length = 0;
  answer = () => new Response("ok");
  const outbox = await startOutbox();
  const { id: channel } = await outbox.add("webhook", { url: receiver.url });
  await outbox.sender.start();
  outbox.database.main.run(
    "CREATE TEMP TRIGGER full BEFORE UPDATE ON deliveries WHEN new.state = 'sent' BEGIN SELECT raise(FAIL, 'disk full'); END",
  );
  await outbox.put(channel, notificationOf("d1", [alertOf("a")]));
  await receiver.got(1);
  while ((await outbox.list(channel))[0]!.state === "sending") await Bun.sleep(5);
  expect(outbox.faults.map(String)).toEqual([expect.stringContaining("disk full")]);
  const [waiting] = await outbox.list(channel);
  expect(waiting).toMatchObject({ state: "queued", attempts: 1 });
  expect(waiting!.nextMs).toBeGreaterThan(Date.now());
  await outbox.stop();
});

test("a channel with many groups that hangs holds up no other channel", async () => {
  receiver.received.length = 0;
  answer = () => new Response("ok");
  const { promise, resolve } = Promise.withResolvers<Response>();
  const hanging = startReceiver(() => promise);
  const outbox = await startOutbox();
  const slow = await outbox.add("webhook", { url: hanging.url }, "slow");
  const quick = await outbox.add("webhook", { url: receiver.url }, "quick");
  await outbox.sender.start();
  for (let n = 0; n < 60; n++)
    await outbox.put(slow.id, notificationOf(`s${n}`, [alertOf(`s${n}`)], `g${n}`));
  await hanging.got(1);
  await outbox.put(quick.id, notificationOf("q", [alertOf("q")], "q"));
  await receiver.got(1, 1000);
  expect(hanging.received.length).toBe(1);
  resolve(new Response("ok"));
  await outbox.stop();
  hanging.stop();
});

test("a channel that hands alerts on gets more of them in a message than people would read", async () => {
  const many = Array.from({ length: 200 }, (_, n) => alertOf(`n${n}`));
  const older = notificationOf("d1", [alertOf("x", "resolved")]);
  const { alerts, more } = coalesced(notificationOf("d2", many), [older], mostAlertsOf("alertmanager"));
  expect([alerts.length, more]).toEqual([201, 0]);
  expect(mostAlertsOf("slack")).toBe(mostAlerts);
});

test("of what is coalesced nothing is told twice, and no more than a message may hold", () => {
  const many = Array.from({ length: mostAlerts }, (_, n) => alertOf(`n${n}`));
  const older = notificationOf("d1", [alertOf("x", "resolved"), alertOf("n0", "resolved"), alertOf("gone")]);
  const { alerts, more, id, status } = coalesced(notificationOf("d2", many), [older, older]);
  expect({ id, status, count: alerts.length, more }).toEqual({
    id: "d2",
    status: "firing",
    count: mostAlerts,
    more: 1,
  });
  expect(alerts[0]!.state).toBe("firing");
});

test("deliveries of before keep what they told of when their table is made anew", () => {
  const sqlite = new Sqlite(":memory:");
  sqlite.run("PRAGMA foreign_keys = ON");
  const at = mainMigrations.findIndex((one) => one.name === "superseded deliveries");
  migrate(sqlite, mainMigrations.slice(0, at), "the database");
  sqlite.run(`INSERT INTO channels VALUES ('h', 'n', 'webhook', 1, NULL, '{}', '{}', '{}', 1);
    INSERT INTO deliveries VALUES (7, 'd', 'h', 'g', 't', '{}', 'queued', 3, 1, 2, NULL, 'no');
    INSERT INTO delivered_alerts VALUES ('f', 7);`);
  migrate(sqlite, mainMigrations, "the database");
  expect(sqlite.query("SELECT seq, id, attempts, answer, superseded_by FROM deliveries").all()).toEqual([
    { seq: 7, id: "d", attempts: 3, answer: "no", superseded_by: null },
  ]);
  expect(sqlite.query("SELECT * FROM delivered_alerts").all()).toEqual([{ fingerprint: "f", delivery: 7 }]);
  // What points at it still does.
  sqlite.run("DELETE FROM channels");
  expect(sqlite.query("SELECT count(*) AS n FROM delivered_alerts").get()).toEqual({ n: 0 });
});
