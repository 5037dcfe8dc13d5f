import { afterAll, expect, test } from "bun:test";
import { startMail } from "../notify/mail-server.ts";
import { signedIn } from "./testing/signed-in.ts";
import { diagnose, nextChangeOfClocks, startAlertMaster, startReceiver } from "../alert/testing.ts";

const { master, cluster } = await startAlertMaster();
const receiver = startReceiver(() => new Response("taken, thank you", { status: 202 }));
afterAll(async () => {
  receiver.stop();
  await master.stop();
});
const admin = await signedIn(master, "admin");
const operator = await signedIn(master, "operator");
const viewer = await signedIn(master, "viewer");
const routing = {
  groupBy: "cluster",
  groupWait: "0s",
  groupInterval: "1m",
  repeat: "4h",
  sendResolved: "1",
  enabled: "1",
};

test("with nothing wrong the page says so, and an administrator that nobody would be told", async () => {
  const text = await admin.get("/alerts");
  expect(text).toContain("Nothing fires");
  expect(text).toContain("Nobody is told of alerts yet.");
  expect(await viewer.get("/alerts")).not.toContain("Nobody is told");
  expect(await viewer.get("/alerts/channels")).not.toContain("Webhook");
  expect((await admin.get("/alerts/channels")).includes("Nobody would tell of the end of AtlHyper")).toBe(
    true,
  );
});

test("a channel is added and tested in the page, which shows the real answer and never the secret", async () => {
  const fields = {
    do: "put",
    type: "webhook",
    name: "ops",
    "set-url": `${receiver.url}/t0psecret`,
    ...routing,
  };
  const wrong = await admin.post("/alerts/channels", { ...fields, groupWait: "soon" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("a duration is written as");
  expect(wrong.text).not.toContain("t0psecret");
  const fault = async (more: Record<string, string>) =>
    /<p class="fault" id="([^"]+)-fault">([^<]+)/
      .exec((await admin.post("/alerts/channels", { ...fields, ...more })).text)
      ?.slice(1);
  for (const [host, said] of [
    ["169.254.169.254", "this address is never sent to: it is link-local, a metadata service, or no host"],
    ["10.0.0.1:8080", "this address is private: name it in ATLHYPER_NOTIFY_PRIVATE to allow it"],
    ["[fd00::1]", "this address is private: name it in ATLHYPER_NOTIFY_PRIVATE to allow it"],
  ])
    expect(await fault({ "set-url": `http://${host}/hook` })).toEqual(["field-channel-set-url", said!]);
  expect((await admin.post("/alerts/channels", fields)).status).toBe(303);
  expect(await fault({})).toEqual(["field-channel-name", "another channel has this name"]);
  const text = await admin.get("/alerts/channels");
  expect(text).toContain("ops");
  expect(text).not.toContain("t0psecret");
  const by = (await master.parts.access.authenticateToken(await master.apiToken("admin")))!;
  const { id } = master.parts.alerting.channels(by)[0]!;
  const tested = await admin.post("/alerts/channels", { do: "test", id });
  expect(tested.text).toContain("202 Accepted: taken, thank you");
  // The stream of the page would take the answer away as it opens, did it compare with what the form gave.
  const known = (page: string, part: string) => new RegExp(`[=C]${part}\\.(\\w+)`).exec(page)?.[1];
  const plain = await admin.get("/alerts/channels");
  for (const part of ["tested", "list"]) {
    expect(known(plain, part)).toMatch(/^\w+$/);
    expect(known(tested.text, part)).toBe(known(plain, part)!);
  }
  expect(receiver.received[0]!.path).toBe("/t0psecret");
  expect(await admin.get(`/alerts/channels?edit=${id}`)).not.toContain("t0psecret");
  expect((await operator.post("/alerts/channels", { do: "test", id })).status).toBe(403);
});

test("a digest by mail is planned in the page and had at once, with the server's answer", async () => {
  const mail = await startMail();
  const by = (await master.parts.access.authenticateToken(await master.apiToken("admin")))!;
  const fields = {
    do: "put",
    type: "email",
    name: "boss",
    "set-host": "127.0.0.1",
    "set-port": mail.port,
    "set-security": "none",
    "set-from": "hyper@example.org",
    "set-to": "boss@example.org",
    "set-each": "no",
    "set-digest": "off",
    "set-digestHour": "7",
    "set-language": "zh",
    ...routing,
  };
  const faulty = async (more: Record<string, string>) =>
    (await admin.post("/alerts/channels", { ...fields, ...more })).text;
  expect(await faulty({})).toContain("neither each alert nor a digest");
  expect(await faulty({ "set-digest": "daily", "set-digestHour": "24" })).toContain("from 0 to 23");
  const wrong = await faulty({ "set-digest": "daily", "set-digestZone": "Mars/Base" });
  expect(wrong).toContain("there is no time zone Mars/Base");
  expect(wrong).toMatch(/<details class="fold" open><summary>Digest by mail/);
  expect((await admin.post("/alerts/channels", { ...fields, "set-digest": "weekly" })).status).toBe(303);
  expect(await admin.get("/alerts/channels")).toContain("weekly digest");
  const { id } = master.parts.alerting.channels(by).find((one) => one.name === "boss")!;
  expect(await admin.get(`/alerts/channels?edit=${id}`)).toContain("Send a digest now");
  const sent = await admin.post("/alerts/channels", { do: "digest", id });
  expect(sent.text).toContain("250 taken as 42");
  expect(mail.mails[0]!.to).toEqual(["boss@example.org"]);
  expect((await operator.post("/alerts/channels", { do: "digest", id })).status).toBe(403);
  await mail.stop();
  // The answer is shown too where it is a refusal.
  expect((await admin.post("/alerts/channels", { do: "digest", id })).text).toMatch(/the mail was not taken/);
  await admin.post("/alerts/channels", { do: "remove", id });
});

test("a channel's active times are entered as people write them, and whether it is told now stands in the list", async () => {
  const by = (await master.parts.access.authenticateToken(await master.apiToken("admin")))!;
  const fields = { do: "put", type: "webhook", name: "night", "set-url": `${receiver.url}/n`, ...routing };
  const wrong = await admin.post("/alerts/channels", { ...fields, times: "Mon-Fry 08:00-18:00" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("fry is no day");
  const zone = await admin.post("/alerts/channels", { ...fields, times: "08:00-18:00", zone: "Mars/Base" });
  expect(zone.text).toContain("there is no time zone Mars/Base");
  const now = Temporal.Now.zonedDateTimeISO("Asia/Kolkata");
  const time = (hours: number) => now.add({ hours }).toPlainTime().toString().slice(0, 5);
  const times = `${time(2)}-${time(3)}`;
  await admin.post("/alerts/channels", { ...fields, times, zone: "Asia/Kolkata" });
  expect(await admin.get("/alerts/channels")).toContain(`${time(2)}-${time(3)} Asia/Kolkata`);
  expect(await admin.get("/alerts/channels")).toMatch(/quiet until \w+[, ]+\d\d:\d\d/);
  const { id, activeTimes } = master.parts.alerting.channels(by).find((one) => one.name === "night")!;
  expect(activeTimes).toMatchObject({ zone: "Asia/Kolkata", times: [{ from: time(2), to: time(3) }] });
  expect(await admin.get(`/alerts/channels?edit=${id}`)).toContain(times);
  expect((await admin.post("/alerts/channels", { do: "remove", id })).status).toBe(303);
});

test("what fires stands on the overview and the page, is taken up, and silenced after a look at what that hides", async () => {
  for (const [secondsAgo, bootID] of [
    [5, "b1"],
    [0, "b2"],
  ] as const) {
    const system = { uptimeSeconds: 3660, bootID };
    const timestamp = new Date(Date.now() - secondsAgo * 1000).toISOString();
    const snapshot = { nodeName: "n1", timestamp, system };
    await cluster.push("/ingest/metrics/snapshot", "metrics_snapshot", { snapshots: [snapshot] });
  }
  await diagnose(cluster, "pod-a", { node: "n1" });
  await receiver.got(2);
  const overview = await viewer.get("/");
  expect(overview).toContain("1 alert fires");
  // Since an hour; the node was up a minute before.
  const firing = /<section id="firing".*?<\/section>/s.exec(overview)![0];
  expect(firing).toMatch(/What changed: node n1 rebooted (59|60|61)s before/);
  const list = await viewer.get("/alerts");
  expect(list).toContain("PodCrashLooping");
  expect(list).not.toContain(">Acknowledge</button>");
  const rows = async (q: string) => (await viewer.get(`/alerts?q=${q}`)).match(/<tr id="a/g)?.length ?? 0;
  expect([await rows("POD-A"), await rows("nowhere")]).toEqual([1, 0]);
  const [, id = ""] = /id="a([0-9a-f]{16})"/.exec(list) ?? [];
  expect((await viewer.post("/alerts", { do: "acknowledge", id })).status).toBe(403);
  expect(await operator.get("/alerts?state=firing")).toContain(
    'name="back" value="/alerts?state=firing"><button class="button">Acknowledge',
  );
  for (const path of [`/alerts/${id}`, "/alerts", "/alerts/silences", "/alerts/rules", "/alerts/channels"]) {
    const ids = [...(await admin.get(path)).matchAll(/ id="([^"]+)"/g)].map(([, one]) => one!);
    expect([path, ids.filter((one, at) => ids.indexOf(one) !== at)]).toEqual([path, []]);
  }
  // Who goes through the list stays in it.
  const taken = await operator.post("/alerts", {
    do: "acknowledge",
    id,
    note: "on it",
    back: "/alerts?state=firing",
  });
  expect([taken.status, taken.location]).toEqual([303, "/alerts?state=firing"]);
  const detail = await operator.get(`/alerts/${id}`);
  for (const said of ["taken by operator", "on it", "Began to fire"]) expect(detail).toContain(said);
  expect(await admin.get(`/alerts/${id}`)).toContain("202 Accepted");
  const silence = {
    do: "put",
    where: `cluster:${cluster.id}`,
    matchers: 'name="pod-a"',
    hours: "1",
    comment: "planned",
  };
  const preview = await operator.post("/alerts/silences", { ...silence, do: "preview" });
  expect(preview.text).toContain("It hides 1 alert now:");
  expect(preview.text).toContain("planned");
  expect((await operator.post("/alerts/silences", { ...silence, comment: "" })).status).toBe(422);
  expect((await operator.post("/alerts/silences", silence)).status).toBe(303);
  expect(await operator.get("/alerts/silences")).toContain("planned");
  expect(await viewer.get("/alerts")).toContain("silenced by operator");
});

test("a silence is planned for tonight at the clocks of a zone, changed, extended, ended, and made again", async () => {
  const { engine } = master.parts.alerting;
  const zone = "Asia/Kolkata";
  const tonight = Temporal.Now.zonedDateTimeISO(zone).add({ hours: 5 }).round("minute");
  const at = (of: Temporal.ZonedDateTime) => of.toPlainDateTime().toString().slice(0, 16);
  const silence = {
    do: "put",
    where: `cluster:${cluster.id}`,
    matchers: "team=billing",
    comment: "tonight",
    zone,
    from: at(tonight),
  };
  const ms = tonight.epochMilliseconds;
  const backwards = await operator.post("/alerts/silences", {
    ...silence,
    to: at(tonight.add({ hours: -1 })),
  });
  expect(backwards.text).toMatch(/id="field-silence-to-fault">[^<]*ends after it begins/);
  const nowhere = await operator.post("/alerts/silences", { ...silence, zone: "Mars/Base", hours: "1" });
  expect(nowhere.text).toMatch(/id="field-silence-zone-fault"/);
  const preview = await operator.post("/alerts/silences", [
    ...Object.entries({ ...silence, hours: "4" }),
    ["do", "preview"],
  ]);
  expect(preview.text).toContain(new Date(ms + 4 * 3_600_000).toISOString());
  await operator.post("/alerts/silences", { ...silence, hours: "1", to: at(tonight.add({ hours: 2 })) });
  const mine = () => engine.silences.find((one) => one.comment.startsWith("tonight"))!;
  const { id } = mine();
  expect(mine()).toMatchObject({ startsMs: ms, endsMs: ms + 2 * 3_600_000 });
  const list = await operator.get("/alerts/silences");
  expect(list).toMatch(new RegExp(`id="s${id}".*?scheduled.*?1 h more.*?End now`, "s"));
  // The browser says moments by its own clocks, from what they are.
  expect(await operator.get(`/alerts/silences?edit=${id}`)).toMatch(
    new RegExp(
      `name="from"[^>]*data-at="${ms}".*?name="to"[^>]*data-at.*?name="zone"[^>]*data-own-zone`,
      "s",
    ),
  );
  const times = { from: at(tonight.add({ hours: -2 })), to: at(tonight) };
  await operator.post("/alerts/silences", { ...silence, ...times, id, comment: "tonight, earlier" });
  expect(mine()).toMatchObject({ id, comment: "tonight, earlier", startsMs: ms - 7_200_000, endsMs: ms });
  await operator.post("/alerts/silences", { do: "extend", id });
  expect(mine().endsMs).toBe(ms + 3_600_000);
  expect((await viewer.post("/alerts/silences", { do: "extend", id })).status).toBe(403);
  await operator.post("/alerts/silences", { do: "end", id });
  const over = await operator.post("/alerts/silences", { ...silence, ...times, id });
  expect([over.status, over.text.includes("this silence is over")]).toEqual([422, true]);
  expect(await operator.get("/alerts/silences")).toContain("Silence again");
  const again = await operator.get(`/alerts/silences?again=${id}`);
  for (const said of ["tonight, earlier", "team=&quot;billing&quot;", '<details class="fold" open>'])
    expect(again).toContain(said);
  expect(again).toMatch(/<section id="edit".*?name="id" value=""/s);
});

test("Enter does what a form is for: that button stands first in each", async () => {
  const first = async (path: string) =>
    [...(await admin.get(path)).matchAll(/<form class="form" method="post"(.*?)<\/form>/gs)].map(([, form]) =>
      /<button[^>]*>([^<]*)/.exec(form!)?.slice(0, 2),
    );
  for (const path of ["rules?new=threshold", "silences", "maintenance?new=once"])
    for (const found of await first(`/alerts/${path}`)) expect(found![0]).toContain("primary");
});

test("maintenance is planned after a look at when that is and what it hides; ended, changed and removed", async () => {
  const night = nextChangeOfClocks(3);
  const told = `${night.day} Mar ${night.year} 03:00 – 04:00 UTC+02:00`;
  const fields = {
    do: "put",
    type: "once",
    name: "Upgrade",
    reason: "kernel",
    where: `cluster:${cluster.id}`,
    zone: "Europe/Berlin",
    from: `${night}T02:30`,
    to: `${night}T04:00`,
  };
  const preview = await operator.post("/alerts/maintenance", { ...fields, do: "preview" });
  // The clocks go from 02:00 to 03:00 that night.
  expect(preview.text).toContain(told);
  expect(preview.text).toContain("It hides 1 alert now:");
  const cron = { ...fields, type: "cron", expression: "0 25 * * *", duration: "4h" };
  expect((await operator.post("/alerts/maintenance", cron)).text).toContain("Invalid value for hour: 25");
  expect((await operator.post("/alerts/maintenance", { ...fields, to: `${night}T02:00` })).status).toBe(422);
  expect((await operator.post("/alerts/maintenance", { ...fields, reason: " " })).text).toContain("say why");
  expect((await viewer.post("/alerts/maintenance", fields)).status).toBe(403);
  expect((await operator.post("/alerts/maintenance", fields)).status).toBe(303);
  const list = await operator.get("/alerts/maintenance");
  const [, id = ""] = /<tr id="m([^"]+)"/.exec(list) ?? [];
  for (const said of ["Upgrade", "scheduled", told, "cluster prod"]) expect(list).toContain(said);
  expect(await operator.get(`/alerts/maintenance?edit=${id}`)).toContain(`value="${night}T03:00"`);

  const days = Object.fromEntries(
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((one) => [`day-${one}`, "1"]),
  );
  const now = Temporal.Now.zonedDateTimeISO("Europe/Berlin");
  const at = (hours: number) => now.add({ hours }).toPlainTime().toString().slice(0, 5);
  const weekly = { ...fields, id, type: "weekly", ...days, from: at(-2), to: at(2) };
  for (const one of master.parts.alerting.engine.silences)
    await operator.post("/alerts/silences", { do: "end", id: one.id });
  expect((await operator.post("/alerts/maintenance", weekly)).status).toBe(303);
  await master.parts.alerting.engine.tick();
  expect(await viewer.get("/alerts")).toContain("maintenance, for another");
  const overview = await viewer.get("/");
  for (const said of ["In maintenance", "Upgrade", "hides 1 alert"]) expect(overview).toContain(said);
  const open = await viewer.get("/alerts/maintenance");
  for (const said of ["Open", "Mon-Sun"]) expect(open).toContain(said);
  expect(open).not.toContain("End now");
  expect((await viewer.post("/alerts/maintenance", { do: "end", id })).status).toBe(403);
  expect((await operator.post("/alerts/maintenance", { do: "end", id })).status).toBe(303);
  expect(await operator.get("/alerts/maintenance")).toContain("scheduled");
  await master.parts.alerting.engine.tick();
  expect(await viewer.get("/alerts")).not.toContain("maintenance, for another");
  expect((await operator.post("/alerts/maintenance", { do: "end", id })).text).toContain("is not open");
  expect((await operator.post("/alerts/maintenance", { do: "remove", id })).status).toBe(303);
  expect(await operator.get("/alerts/maintenance")).toContain("No maintenance is planned");
});

test("an escalation is entered, told of on the alert's page with what comes next, and keeps its channel", async () => {
  const by = (await master.parts.access.authenticateToken(await master.apiToken("admin")))!;
  const { id: channel } = master.parts.alerting.channels(by)[0]!;
  const path = "/alerts/escalations";
  expect(await operator.get(path)).not.toContain("An escalation tells");
  expect(await admin.get(path)).toContain("No escalations yet");
  const fields = { do: "put", name: "On call", enabled: "1", repeats: "1", "after-0": "15m" };
  expect((await admin.post(path, fields)).text).toContain("choose a channel for the first step");
  const wrong = await admin.post(path, { ...fields, "channel-0": channel, "after-0": "soon" });
  expect(wrong.text).toContain("a duration is written as");
  expect((await admin.post(path, { ...fields, "channel-0": channel, repeats: "99" })).status).toBe(422);
  expect((await operator.post(path, { ...fields, "channel-0": channel })).status).toBe(403);
  expect((await admin.post(path, { ...fields, "channel-0": channel })).status).toBe(303);
  for (const said of ["On call", "after 15m: ops", "again once"])
    expect(await admin.get(path)).toContain(said);
  const { engine } = master.parts.alerting;
  const [alert] = [...engine.alerts.values()];
  await operator.post("/alerts", { do: "release", id: alert!.fingerprint });
  for (const one of engine.silences) await operator.post("/alerts/silences", { do: "end", id: one.id });
  await engine.tick();
  const page = await admin.get(`/alerts/${alert!.fingerprint}`);
  for (const said of ["On call", "Next: step 1 of 2 (ops)", "Acknowledging stops it"])
    expect(page).toContain(said);
  // Of channels nobody hears who administers none.
  expect(await viewer.get(`/alerts/${alert!.fingerprint}`)).toMatch(/Next: step 1 of 2 </);
  const kept = await admin.post("/alerts/channels", { do: "remove", id: channel });
  expect(kept.text).toContain("the escalation On call tells this channel");
  const { id } = engine.escalations[0]!;
  expect(await admin.get(`${path}?edit=${id}`)).toContain('value="15m"');
  expect((await admin.post(path, { do: "remove", id })).status).toBe(303);
  await engine.tick();
  expect(await admin.get(`/alerts/${alert!.fingerprint}`)).not.toContain("Next: step");
});

test("each kind of condition has a form, of which the faults stand beside their fields", async () => {
  const common = {
    do: "put",
    id: "",
    severity: "warning",
    for: "1m",
    keep: "1m",
    summary: "s",
    enabled: "1",
  };
  const line = { of: "node", group: "disk *", series: "share" };
  const forecast = {
    ...line,
    op: "rises",
    level: "100%",
    floor: "50 %",
    windowMs: "6h",
    withinMs: "1d",
    clearMs: "2d",
  };
  const rate = { ...line, op: "rises", trigger: "1.5 GiB", clear: "1GiB", per: "hour", windowMs: "1h" };
  const events = { reasons: "BackOff", message: "back-off *", by: "namespace", count: "5", windowMs: "10m" };
  for (const [type, given, condition] of [
    ["problem", { kinds: "Pod" }, { kinds: ["Pod"] }],
    [
      "threshold",
      {
        ...line,
        of: "pod",
        group: "usage",
        series: "memory of limit",
        op: "above",
        trigger: "29%",
        clear: "0.2",
      },
      { of: "pod", trigger: 0.29, clear: 0.2 },
    ],
    ["rate", rate, { trigger: 1.5 * 2 ** 30, clear: 2 ** 30, windowMs: 3_600_000 }],
    ["forecast", forecast, { level: 1, floor: 0.5, withinMs: 86_400_000 }],
    [
      "absence",
      { what: "object", of: "", kinds: "Deployment", names: "api, web-*" },
      { names: ["api", "web-*"] },
    ],
    [
      "certificate",
      { names: "web-*", withinMs: "14d", clearMs: "15d" },
      { names: ["web-*"], withinMs: 14 * 86_400_000 },
    ],
    ["events", events, { message: "back-off *", count: 5, windowMs: 600_000 }],
  ] as const) {
    expect(await admin.get(`/alerts/rules?new=${type}`)).toContain(`value="${type}"`);
    const name = `New ${type}`;
    const { status, text } = await admin.post("/alerts/rules", { ...common, type, name, ...given });
    expect([type, status, status === 303 ? "" : text.slice(-3000)]).toEqual([type, 303, ""]);
    const rule = master.parts.alerting.engine.rules.find((one) => one.name === name)!;
    expect(rule.condition).toMatchObject({ type, ...condition } as never);
    // Saved as it is shown, it is the same.
    const shown = await admin.get(`/alerts/rules?edit=${rule.id}`);
    const values = Object.fromEntries(
      [...shown.matchAll(/<input id="field-rule-(?<name>\w+)"[^>]*? value="(?<value>[^"]*)"/g)].map(
        ({ groups }) => [groups!.name!, groups!.value!] as const,
      ),
    );
    for (const [, field, value] of shown.matchAll(
      /<select id="rule-(\w+)".*?<option value="([^"]*)" selected/g,
    ))
      values[field!] = value!;
    await admin.post("/alerts/rules", { ...common, type, ...values, id: rule.id, name });
    const again = master.parts.alerting.engine.rules.find((one) => one.id === rule.id)!;
    expect(again.condition).toEqual(rule.condition);
    expect((await admin.post("/alerts/rules", { do: "remove", id: rule.id })).status).toBe(303);
  }
  for (const [type, given, field, says] of [
    ["rate", { ...rate, clear: "2 GiB" }, "clear", "has to lie below the other"],
    ["rate", { ...rate, windowMs: "1m" }, "windowMs", "has to be at least 5m"],
    ["forecast", { ...forecast, clearMs: "1h" }, "clearMs", "has to be the longer one"],
    ["forecast", { ...forecast, level: "full" }, "level", "a number is needed"],
    ["absence", { what: "object", kinds: "Pod", names: "x" }, "kinds", "come and go"],
    ["events", { ...events, count: "0" }, "count", "has to be at least 1"],
    [
      "threshold",
      { ...line, of: "pod", op: "above", trigger: "1", clear: "1" },
      "group",
      "of a pod there is usage",
    ],
    [
      "rate",
      { ...rate, of: "cluster", group: "cpu", series: "usage" },
      "series",
      "there is used, total, share",
    ],
    ["rate", { ...rate, namespaces: "shop" }, "namespaces", "in no namespace"],
    ["threshold", { ...line, group: "", op: "above", trigger: "1", clear: "1" }, "group", "this is needed"],
  ] as const) {
    const wrong = await admin.post("/alerts/rules", { ...common, type, name: "x", ...given });
    expect(wrong.status).toBe(422);
    const [, said] = new RegExp(`id="field-rule-${field}-fault">([^<]*)`).exec(wrong.text) ?? [];
    expect(said, `${type} ${field}`).toContain(says);
  }
});

test("a rule is switched off, changed with its faults beside the fields, and put back as it came", async () => {
  const id = "pod-crash-looping";
  expect((await admin.post("/alerts/rules", { do: "switch", id })).status).toBe(303);
  expect(await admin.get("/alerts/rules")).toContain("Switch on");
  const threshold = {
    do: "put",
    id: "",
    type: "threshold",
    name: "Swap",
    severity: "warning",
    group: "swap",
    series: "share",
    op: "above",
    for: "1m",
    keep: "1m",
    summary: "s",
    enabled: "1",
  };
  const wrong = await admin.post("/alerts/rules", { ...threshold, trigger: "0.5", clear: "0.8" });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("has to lie below the other");
  expect(wrong.text).toContain('value="0.8"');
  expect((await admin.post("/alerts/rules", { ...threshold, trigger: "0.5", clear: "0.4" })).status).toBe(
    303,
  );
  expect(await viewer.get("/alerts/rules")).toContain("Swap");
  expect((await admin.post("/alerts/rules", { do: "remove", id })).status).toBe(303);
  expect(master.parts.alerting.engine.rules.find((one) => one.id === id)?.enabled).toBe(true);
  expect((await operator.post("/alerts/rules", { do: "switch", id })).status).toBe(403);
});
