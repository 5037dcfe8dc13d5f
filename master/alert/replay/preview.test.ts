import { afterAll, expect, test } from "bun:test";
import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import { signedIn } from "../../web/testing/signed-in.ts";
import { createToken } from "../../database/tokens.ts";
import { openDatabase } from "../../database/database.ts";
import { nothingMeasured } from "../../datasource/values/measured.ts";
import { createMetricsHistory } from "../../history/history.ts";
import { defaultRules } from "../defaults.ts";
import { atOnce } from "../slices.ts";
import { diagnose, startAlertMaster } from "../testing.ts";
import { preview, type PreviewGiven } from "./preview.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 0, 5);

const { master, cluster } = await startAlertMaster();
afterAll(() => master.stop());
const { database } = master.parts;

test("values that are kept are gone through, and the resolution and the beginning are told", () => {
  let now = start;
  const kept = openDatabase(":memory:");
  const history = createMetricsHistory(kept, {
    keptMs: [2 * day, 14 * day, 90 * day, 730 * day],
    maxBytes: 2 ** 40,
    findPod: () => undefined,
    now: () => now,
  });
  const total = 100 * 2 ** 30;
  for (let at = 0; at < 600; at++) {
    now = start + at * minute;
    // Full between the second and the fourth hour, as df counts it, which keeps some blocks back.
    const used = (at >= 120 && at < 240 ? 0.93 : 0.5) * total;
    history.take("c", [
      {
        nodeName: "n1",
        timestamp: new Date(now).toISOString(),
        disk: [{ mountPoint: "/data", device: "sda", used, total }],
      } as unknown as NodeMetricsSnapshot,
    ]);
  }
  const rule = defaultRules.find((one) => one.id === "disk-full")!;
  const subject = { kind: "Node", namespace: "", name: "n1", node: "n1" };
  const given: PreviewGiven = {
    rule,
    rangeMs: day,
    nowMs: now,
    facts: [
      {
        ...nothingMeasured,
        id: "c",
        name: "prod",
        now,
        live: true,
        faults: [],
        labelsOf: () => ({}),
        column: () => ({ series: "share", groups: ["disk /data"], subjects: [subject], values: [0.5] }),
      },
    ],
    owners: new Map([["c", "t"]]),
    sight: "everything",
    metrics: history,
    events: { search: () => ({ items: [], total: 0, more: false }) } as never,
    ownerOf: () => undefined,
    silences: [],
    windows: [],
    nodes: () => ["n1"],
    late: () => false,
  };
  const found = atOnce(preview(given));
  expect(found).toMatchObject({
    basis: "values",
    stepMs: minute,
    of: "mean",
    total: 1,
    there: 1,
    looked: 1,
    nowTotal: 0,
  });
  const [alert] = found.alerts;
  expect(alert).toMatchObject({ cluster: "c", kind: "Node", object: "n1", measure: "disk /data/share" });
  expect((alert!.firedMs - start) / minute).toBeWithin(124, 128);
  expect((alert!.resolvedMs! - start) / minute).toBeWithin(241, 245);
  expect(alert!.peak).toBeCloseTo(0.93, 3);
  expect(found.knownFromMs).toBeWithin(start - hour, start + hour);
  expect(atOnce(preview({ ...given, rule: { ...rule, forMs: 0 } })).of).toBe("furthest");
  expect(atOnce(preview({ ...given, late: () => true }))).toMatchObject({ there: 1, looked: 0, total: 0 });
  // Of a node that is gone: the same, but for blocks that are kept back.
  const gone = { ...given, facts: [{ ...given.facts[0]!, column: nothingMeasured.column }], nodes: () => [] };
  const left = atOnce(preview(gone));
  expect(left).toMatchObject({ total: 1, there: 1, looked: 1, gone: 1, nowTotal: 0, muted: 0 });
  expect(left.alerts).toEqual(found.alerts);
  expect(atOnce(preview({ ...gone, sight: new Map([["c", new Set(["shop"])]]) })).gone).toBe(0);
  // Hidden: by a silence and then a window, with no gap between them.
  const silence = {
    id: "s",
    matchers: [{ name: "mount", op: "=" as const, value: "/data" }],
    comment: "why",
    by: "ada",
    createdMs: start,
    startsMs: start,
    endsMs: start + 3 * hour,
  };
  const window = {
    ...silence,
    name: "w",
    reason: "why",
    schedule: { type: "cron" as const, zone: "UTC", expression: "0 3 * * *", durationMs: 2 * hour },
  };
  const muted = (silences: (typeof silence)[], windows: (typeof window)[]) => {
    const one = atOnce(preview({ ...given, silences, windows }));
    return [one.total, one.muted, one.alerts[0]!.muted ?? false];
  };
  expect(muted([silence], [window])).toEqual([1, 1, true]);
  expect(muted([silence], [])).toEqual([1, 0, false]);
  expect(muted([], [window])).toEqual([1, 0, false]);
  expect(muted([{ ...silence, endsMs: start + 3 * hour - 1 }], [window])).toEqual([1, 0, false]);
  const other = [{ name: "mount", op: "=" as const, value: "/var" }];
  expect(muted([{ ...silence, matchers: other }], [window])).toEqual([1, 0, false]);
  // Who does not see the cluster whole sees no node of it.
  const narrow = atOnce(preview({ ...given, sight: new Map([["c", new Set(["shop"])]]) }));
  expect(narrow).toMatchObject({ there: 0, total: 0 });
  expect(atOnce(preview({ ...given, rangeMs: 30 * day })).stepMs).toBe(10 * minute);
  history.close();
  kept.close();
});

const crash = { ...defaultRules.find((one) => one.id === "pod-crash-looping")!, id: undefined };

// biome-ignore lint/suspicious/noExplicitAny: looked into field by field
type Answer = any;

async function ask(token: string, body: object, query = "") {
  const response = await fetch(`${master.url}/api/v1/alert-rules/preview${query}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

test("occurrences that are stored are gone through, each viewer's own alone", async () => {
  const now = Date.now();
  const over = { ts_ms: now - 2 * hour, resolved_ts_ms: now - 2 * hour };
  await diagnose(cluster, "old", { first_ts_ms: now - 5 * hour, ...over });
  await diagnose(cluster, "new", { first_ts_ms: now - hour });
  await diagnose(cluster, "bank", {
    namespace: "bank",
    first_ts_ms: now - 3 * day,
    ts_ms: now - day,
    resolved_ts_ms: now - day,
  });
  const viewer = await createToken(database, { name: "v", role: "viewer" });
  const whole = await ask(viewer, crash);
  expect(whole.status).toBe(200);
  expect(whole.body).toMatchObject({ basis: "occurrences", total: 3, nowTotal: 1, there: 1, looked: 1 });
  expect(
    whole.body.alerts.map(({ object, resolvedMs }: { object: string; resolvedMs?: number }) => [
      object,
      resolvedMs !== undefined,
    ]),
  ).toEqual([
    ["new", false],
    ["old", true],
    ["bank", true],
  ]);
  expect((await ask(viewer, crash, "?range=1d")).body.total).toBe(2);
  const narrow = await createToken(database, {
    name: "n",
    role: "viewer",
    clusters: [cluster.id],
    namespaces: ["bank"],
    tenant: "default",
  });
  const seen = await ask(narrow, crash);
  expect(seen.body).toMatchObject({ total: 1, nowTotal: 0 });
  expect(JSON.stringify(seen.body)).not.toContain("shop");
  // It is tried out, and nothing else.
  expect(master.parts.alerting.engine.rules.some((one) => one.id === "preview")).toBe(false);
});

test("events are counted as they came, and what is not kept is said", async () => {
  const viewer = await createToken(database, { name: "w", role: "viewer" });
  const condition = {
    type: "events",
    reasons: ["CrashLoopBackOff"],
    by: "namespace",
    count: 2,
    windowMs: 4 * hour,
  };
  const found = await ask(viewer, { ...crash, condition, forMs: 0 });
  expect(found.body).toMatchObject({ basis: "events", looked: 1 });
  expect(found.body.alerts[0]).toMatchObject({ kind: "Namespace", object: "shop" });
  const agent = defaultRules.find((one) => one.id === "agent-silent")!;
  expect((await ask(viewer, agent)).body).toMatchObject({ basis: "present", total: 0 });
  const wrong = await ask(viewer, { ...crash, condition: { type: "problem", kinds: 3 } });
  expect(wrong.status).toBe(422);
});

test("in the page a rule is tried out as it is typed, and the form stays as it was", async () => {
  const ada = await signedIn(master, "admin", { name: "ada" });
  const typed: [string, string][] = [
    ["do", "put"],
    ["id", ""],
    ["type", "problem"],
    ["name", "Mine"],
    ["severity", "critical"],
    ["reasons", "CrashLoopBackOff"],
    ["for", "3m"],
    ["keep", "1m"],
    ["summary", "s"],
    ["range", "7d"],
    ["do", "preview"],
  ];
  const shown = await ada.post("/alerts/rules", typed);
  expect(shown.status).toBe(200);
  for (const said of [
    "Within the last 7 days it would have fired 3 times, about 3 objects.",
    'value="3m"',
    'path class="critical"',
    "fires now",
    "It holds for 1 object now:",
  ])
    expect(shown.text).toContain(said);
  expect(master.parts.alerting.engine.rules.some((one) => one.name === "Mine")).toBe(false);
  const none = await ada.post("/alerts/rules", [...typed, ["namespaces", "none"]]);
  expect(none.text).toContain("It would not have fired within the last 7 days.");
  const wrong = await ada.post(
    "/alerts/rules",
    typed.map(([name, value]) => [name, name === "for" ? "soon" : value]),
  );
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain("a duration is written as");
});
