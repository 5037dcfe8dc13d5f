import { afterAll, expect, test } from "bun:test";
import type { MaintenanceView } from "../../views/alert-model.ts";
import { alertView } from "../../views/testing/viewing.ts";
import { decide } from "./group.ts";
import { mutedOf } from "./inhibit.ts";
import { openingsOfWindow, openWindows, standingOfWindow, stateOfWindow } from "./maintenance.ts";
import { asking, atOnce, diagnose, startAlertMaster, startReceiver } from "./testing.ts";

const at = (text: string) => Date.parse(text);
const window = (more: Partial<MaintenanceView> = {}): MaintenanceView => ({
  id: "w1",
  name: "Patch night",
  reason: "kernel",
  by: "ana",
  createdMs: 1,
  matchers: [{ name: "kind", op: "=", value: "Node" }],
  schedule: { type: "weekly", zone: "Europe/Berlin", days: ["sat"], from: "22:00", to: "06:00" },
  ...more,
});

test("while a window is open what it matches at its place is muted, and says until when", () => {
  const { ack: _, ...alert } = alertView("x", { cluster: "c1", labels: { kind: "Node" } });
  const other = { ...alert, fingerprint: "other", labels: { kind: "Pod" } };
  const muted = (when: string, one: MaintenanceView) =>
    mutedOf([alert, other], [], new Map([["c1", "t1"]]), at(when), openWindows([one], at(when)));
  // 28 March 2026: that night the clocks skip an hour.
  expect([...muted("2026-03-28T20:59:59Z", window())]).toEqual([]);
  expect([...muted("2026-03-28T21:00Z", window())]).toEqual([
    [
      alert.fingerprint,
      {
        by: "maintenance",
        id: "w1",
        name: "Patch night",
        reason: "kernel",
        who: "ana",
        endsMs: at("2026-03-29T04:00Z"),
      },
    ],
  ]);
  expect(muted("2026-03-29T03:59:59Z", window()).size).toBe(1);
  expect(muted("2026-03-29T04:00Z", window()).size).toBe(0);
  expect(muted("2026-03-28T21:00Z", window({ tenant: "t2" })).size).toBe(0);
  expect(muted("2026-03-28T21:00Z", window({ cluster: "c1" })).size).toBe(1);
});

test("one that was ended is closed until its opening would have been over, and opens again as planned", () => {
  const one = window({ closedUntilMs: at("2026-03-29T04:00Z") });
  expect(standingOfWindow(one, at("2026-03-28T23:00Z"))).toMatchObject({
    open: false,
    untilMs: at("2026-04-04T20:00Z"),
  });
  expect(openingsOfWindow(one, at("2026-03-28T23:00Z"), 2).map((of) => of.startsMs)).toEqual([
    at("2026-04-04T20:00Z"),
    at("2026-04-11T20:00Z"),
  ]);
  expect(stateOfWindow(one, at("2026-04-04T20:00Z"))).toBe("open");
  const once = window({ schedule: { type: "once", zone: "UTC", startsMs: 100, endsMs: 200 } });
  expect([50, 100, 199, 200].map((ms) => stateOfWindow(once, ms))).toEqual([
    "scheduled",
    "open",
    "open",
    "over",
  ]);
});

test("what a channel was told of before the window is told again when that ends, unless somebody has it", () => {
  const start = 1_700_000_000_000;
  const channel = {
    id: "h1",
    enabled: true,
    severities: [],
    matchers: [],
    groupBy: [],
    groupWaitMs: 0,
    groupIntervalMs: 1000,
    repeatMs: 3_600_000,
    sendResolved: true,
  };
  for (const ack of [undefined, { by: "ana", atMs: 1, note: "" }]) {
    const { ack: _, ...plain } = alertView("x", { labels: {} });
    const alert = ack ? { ...plain, ack } : plain;
    const alerts = new Map([[alert.fingerprint, alert]]);
    const given = { channels: [channel], alerts, owners: new Map() };
    const open = window({
      matchers: [],
      schedule: { type: "once", zone: "UTC", startsMs: start, endsMs: start + 5000 },
    });
    const muted = mutedOf([alert], [], new Map(), start, openWindows([open], start));
    const first = decide({ ...given, groups: new Map(), muted: new Map(), now: start - 1000 });
    const during = decide({ ...given, groups: first.groups, muted, now: start });
    const after = decide({
      ...given,
      groups: during.groups,
      muted: new Map(),
      now: start + 5000,
    });
    expect([first, during, after].map((one) => one.notices.length)).toEqual([1, 0, ack ? 0 : 1]);
    const later = { ...given, muted: new Map(), now: start + 6000 };
    expect(decide({ ...later, groups: after.groups }).notices).toEqual([]);
    // While nobody knows whether it still fires, it waits.
    const starting = decide({ ...later, groups: during.groups, starting: new Set(["c1"]) });
    expect(starting.notices).toEqual([]);
    const stored = new Map(JSON.parse(JSON.stringify([...starting.groups])) as typeof starting.groups);
    expect(decide({ ...later, groups: stored }).notices).toHaveLength(ack ? 0 : 1);
  }
});

const { master, cluster, ask } = await startAlertMaster();
const receiver = startReceiver();
afterAll(async () => {
  receiver.stop();
  await master.stop();
});

test("nobody is told during maintenance, and of what still fires when it ends; who planned it is in the log", async () => {
  const place = { cluster: cluster.id, matchers: [{ name: "name", op: "=~", value: "pod-.*" }] };
  const schedule = { type: "once", startsMs: Date.now() - 1000, endsMs: Date.now() + 3_600_000 };
  const made = await ask("/api/v1/maintenance", {
    ...place,
    name: "Upgrade",
    reason: "new kernel",
    schedule,
  });
  expect(made.body).toMatchObject({
    by: "test admin",
    state: "open",
    untilMs: schedule.endsMs,
    schedule: { zone: Temporal.Now.timeZoneId() },
    openings: [{ startsMs: schedule.startsMs, endsMs: schedule.endsMs }],
  });
  await ask("/api/v1/channels", {
    ...atOnce,
    name: "hook",
    type: "webhook",
    settings: { url: receiver.url },
  });
  await diagnose(cluster, "pod-a");
  await diagnose(cluster, "other");
  await receiver.got(1);
  await master.parts.alerting.engine.tick();
  const { items } = (await ask("/api/v1/alerts?muted=true")).body;
  expect(items).toMatchObject([
    { object: "pod-a", muted: { by: "maintenance", name: "Upgrade", endsMs: schedule.endsMs } },
  ]);
  expect(receiver.received.map((one) => one.body).join()).not.toContain("pod-a");
  const preview = {
    ...place,
    schedule: { type: "cron", zone: "Asia/Tokyo", expression: "0 3 * * *", durationMs: 60_000 },
  };
  const { body } = await ask("/api/v1/maintenance/preview", preview);
  expect(body.alerts.map((one: { object: string }) => one.object)).toEqual(["pod-a"]);
  expect(body.openings).toHaveLength(5);
  expect(new Date(body.openings[0].startsMs).toISOString()).toContain("T18:00:00");

  const { id } = made.body;
  const viewer = asking(master, await master.apiToken("viewer"));
  expect((await viewer(`/api/v1/maintenance/${id}/end`, {})).status).toBe(403);
  expect((await viewer("/api/v1/maintenance")).body.items).toHaveLength(1);
  expect((await ask(`/api/v1/maintenance/${id}/end`, {})).body.state).toBe("over");
  expect((await ask(`/api/v1/maintenance/${id}/end`, {})).status).toBe(409);
  const [, second] = await receiver.got(2);
  expect(second!.body).toContain("pod-a");
  // What was told of before its window is told again when that is ended.
  const { engine } = master.parts.alerting;
  const other = { ...place, matchers: [{ name: "name", op: "=", value: "other" }], schedule };
  const { body: short } = await ask("/api/v1/maintenance", { ...other, name: "Short", reason: "r" });
  await engine.tick();
  await ask(`/api/v1/maintenance/${short.id}/end`, {});
  await engine.tick();
  const [, , third] = await receiver.got(3);
  expect(third!.body).toContain('"other"');
  expect(
    (await ask(`/api/v1/maintenance/${id}`, { ...place, name: "x", reason: "y", schedule })).body.state,
  ).toBe("open");
  expect((await ask(`/api/v1/maintenance/${id}/remove`, {})).status).toBe(200);
  const actions = (await ask("/api/v1/audit?limit=100")).body.items.map(
    (one: { action: string }) => one.action,
  );
  for (const one of ["add", "end", "change", "remove"]) expect(actions).toContain(`maintenance.${one}`);
}, 20_000);

test("what is wrong with a window is said beside its field", async () => {
  const base = {
    name: "n",
    reason: "r",
    cluster: cluster.id,
    matchers: [],
    schedule: { type: "weekly", days: ["mon"], from: "22:00", to: "06:00" },
  };
  const fault = async (more: object) => {
    const { status, body } = await ask("/api/v1/maintenance", { ...base, ...more });
    return `${status} ${body.pointer ?? ""} ${body.detail}`;
  };
  expect(await fault({ reason: " " })).toBe("422 /reason say why");
  expect(await fault({ cluster: undefined })).toContain("422 /matchers");
  expect(await fault({ cluster: "nowhere" })).toContain("no such cluster");
  expect(await fault({ schedule: { ...base.schedule, days: [] } })).toContain("choose a day");
  expect(await fault({ schedule: { ...base.schedule, to: "26:00" } })).toContain("26:00 is no time");
  expect(await fault({ schedule: { type: "once", startsMs: 1, endsMs: 2 } })).toContain("over already");
  expect(await fault({ schedule: { type: "cron", expression: "0 0 30 2 *", durationMs: 60_000 } })).toContain(
    "never comes",
  );
});
