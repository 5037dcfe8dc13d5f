import { expect, test } from "bun:test";
import { type ItemOf, type KindKey, kindKeys, kinds } from "../../../wire/kinds.ts";
import { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import type { Html } from "../../html.ts";
import type { Row } from "../../model.ts";
import { fill } from "../../testing/fill.ts";
import {
  alertView,
  channelView,
  cluster,
  deliveryView,
  escalationView,
  maintenanceView,
  problemView,
  rowOf,
  ruleView,
  silenceView,
  storedEvent,
  viewer,
} from "../../testing/viewing.ts";
import type { RulePreview } from "../../rule-preview.ts";
import { texts } from "../../text/text.ts";
import type { Viewing } from "../../viewing.ts";
import { channelsPage } from "../alerts/channels.ts";
import { escalationsPage } from "../alerts/escalations.ts";
import { maintainedPart, maintenancePage } from "../alerts/maintenance.ts";
import { alertPage } from "../alerts/detail.ts";
import { alertsPage } from "../alerts/list.ts";
import { ruleImportPage } from "../alerts/rule-import.ts";
import { rulesPage } from "../alerts/rules.ts";
import { silencesPage } from "../alerts/silences.ts";
import { overviewPage } from "../overview.ts";
import { gonePage } from "./gone.ts";
import { ingressPage } from "./ingress.ts";
import { namespacePage } from "./namespace.ts";
import { nodePage } from "./node.ts";
import { podPage } from "./pod.ts";
import { revisionPage } from "./revision.ts";
import { servicePage } from "./service.ts";
import { autoscalerPage, claimPage, configMapPage } from "./small.ts";
import { type WorkloadKey, workloadPage } from "./workload.ts";

/** Every page of a single object, from items that are as full or as spare as `item` makes them. */
function pages(
  v: Viewing,
  item: <K extends KindKey>(kind: K) => ItemOf[K],
  bad = "x",
): Record<string, Record<string, Html>> {
  const row = <K extends KindKey>(kind: K): Row<ItemOf[K]> =>
    rowOf(item(kind), { state: bad, why: bad, health: "critical" });
  const more = {
    events: [
      storedEvent({
        reason: bad,
        message: bad,
        name: bad,
        kind: bad,
        container: bad,
        count: 3,
        resolved_ts_ms: 5,
      }),
    ],
    moreEvents: true,
    problems: [
      problemView({ reason: bad, message: bad, name: bad, namespace: bad, changedBefore: bad, kind: bad }),
    ],
  };
  const snapshot = fill(NodeMetricsSnapshot, bad, bad !== "x") as NodeMetricsSnapshot;
  const recent = {
    times: Float64Array.of(v.now - 5000, v.now),
    groups: [
      "cpu",
      "cores",
      "memory",
      "pressure",
      "temperature",
      `disk ${bad}`,
      `io ${bad}`,
      `net ${bad}`,
    ].map((name) => ({
      name,
      series: ["user", "used", "total", "read", "received", bad].map((one) => ({
        name: one,
        unit: "share" as const,
        values: Float64Array.of(0.5, 0.6),
      })),
    })),
  };
  const pods = [row("pod")];
  const workload = <K extends WorkloadKey>(kind: K) =>
    workloadPage(v, {
      ...more,
      kind,
      row: row(kind),
      pods,
      services: [row("service")],
      autoscalers: [row("horizontalpodautoscaler")],
      jobs: [row("job")],
    });
  return {
    pod: podPage(v, { ...more, row: row("pod"), node: row("node"), services: [row("service")] }),
    node: nodePage(v, {
      ...more,
      row: row("node"),
      pods,
      metrics: { snapshot, receivedMs: v.now - 90_000 },
      recent,
      host: false,
    }),
    bareNode: nodePage(v, {
      ...more,
      row: row("node"),
      pods: [],
      metrics: undefined,
      recent: undefined,
      host: true,
    }),
    deployment: workload("deployment"),
    statefulset: workload("statefulset"),
    daemonset: workload("daemonset"),
    replicaset: workload("replicaset"),
    job: workload("job"),
    cronjob: workload("cronjob"),
    service: servicePage(v, { ...more, row: row("service"), pods, ingresses: [row("ingress")] }),
    ingress: ingressPage(v, { ...more, row: row("ingress"), services: new Map([[bad, row("service")]]) }),
    namespace: namespacePage(v, { ...more, row: row("namespace"), top: pods, pods: 20 }),
    configmap: configMapPage(v, { ...more, row: row("configmap"), users: pods }),
    claim: claimPage(v, { ...more, row: row("persistentvolumeclaim"), users: pods }),
    autoscaler: autoscalerPage(v, { ...more, row: row("horizontalpodautoscaler"), users: [] }),
    gone: gonePage(v, {
      ...more,
      removedMs: undefined,
      lastMs: 1,
      kind: "pod",
      cluster: "c1",
      namespace: bad,
      name: bad,
    }),
    revision: revisionPage(v, {
      ...more,
      deployment: row("deployment"),
      set: { name: bad, images: [bad] },
      pods,
    }),
    overview: overviewPage(v, {
      clusters: [
        {
          view: cluster("c1", bad),
          nodes: [row("node")],
          loads: new Map([[bad, { cpu: 0.2, memory: 0.5, disk: 0.1 }]]),
        },
      ],
      problems: more.problems,
      alerts: [alertView(bad)],
      warnings: more.events,
      host: { cluster: "c1", node: bad, recent, virtual: new Set() },
    }),
    ...alertPages(v, bad),
  };
}

/** The pages of alerts, with a form on each that was just refused. */
function alertPages(v: Viewing, bad: string): Record<string, Record<string, Html>> {
  const form = (what: string, shown: Record<string, string> = {}) => ({
    do: what,
    values: { id: "", type: "webhook", name: bad, matchers: bad },
    faults: { "": bad, name: bad },
    shown,
  });
  const muted = { by: "silence" as const, id: "s1", comment: bad, who: bad, endsMs: 1_900_000_000_000 };
  const alert = alertView(bad);
  const places = [
    { value: "", name: "" },
    { value: "tenant:t", name: bad },
  ];
  return {
    alerts: alertsPage(
      v,
      {
        alerts: [alert],
        total: 300,
        from: 100,
        muted: () => muted,
        firing: 1,
        channels: 0,
        mayAct: () => true,
      },
      form("acknowledge"),
    ),
    alert: alertPage(v, {
      alert,
      muted,
      history: [
        { atMs: 1, what: "acknowledged", by: bad, note: bad },
        { atMs: 1, what: "escalated", by: bad, note: bad },
      ],
      escalations: [
        { policy: "p1", name: bad, done: 1, all: 3, next: { atMs: 1, step: 2, channel: "h1" } },
        { policy: "p2", name: bad, done: 3, all: 3 },
      ],
      channels: new Map([["h1", bad]]),
      deliveries: [deliveryView(bad)],
      mayAct: true,
      zone: "UTC",
    }),
    rules: rulesPage(
      { ...v, query: new URLSearchParams("edit=r1") },
      {
        files: [
          { file: bad, rules: 1, sinceMs: 1, faults: [{ line: 1, rule: bad, path: bad, message: bad }] },
        ],
        yaml: bad,
        preview: previewOf(bad),
        rules: [ruleView(bad)],
        firing: new Map([["r1", 1]]),
        mayChange: () => true,
        places,
      },
      form("switch"),
    ),
    ruleImport: ruleImportPage(
      v,
      {
        count: 1,
        places,
        compared: {
          faults: [],
          different: [{ id: bad, name: bad, added: true, lines: [{ sign: "+", text: bad }] }],
          same: 1,
          state: bad,
        },
      },
      form("compare"),
    ),
    silences: silencesPage(
      v,
      {
        silences: [silenceView(bad)],
        hides: new Map(),
        mayChange: () => true,
        places,
        tenants: new Map([
          [bad, bad],
          ["t", bad],
        ]),
        preview: [alert],
        opening: { startsMs: 1, endsMs: 2 },
        zone: "UTC",
      },
      form("put"),
    ),
    maintenance: maintenancePage(
      { ...v, query: new URLSearchParams("edit=m1") },
      {
        windows: [maintenanceView(bad)],
        standing: () => ({ open: true, untilMs: 1_900_000_000_000 }),
        hides: new Map([["m1", 1]]),
        mayChange: () => true,
        places,
        tenants: new Map([
          [bad, bad],
          ["t", bad],
        ]),
        preview: [alert],
        openings: [{ startsMs: 1_900_000_000_000, endsMs: 1_900_000_060_000 }],
        zone: "UTC",
      },
      form("put"),
    ),
    maintained: {
      maintained: maintainedPart(v, [{ id: "m1", name: bad, endsMs: 1_900_000_000_000, hides: 2 }]),
    },
    escalations: escalationsPage(
      { ...v, query: new URLSearchParams("edit=p1") },
      {
        escalations: [escalationView(bad)],
        channels: [{ id: "h1", name: bad, tenant: "t" }],
        places,
        tenants: new Map([
          [bad, bad],
          ["t", bad],
        ]),
        most: { steps: 5, repeats: 10 },
      },
      form("put"),
    ),
    channels: channelsPage(
      { ...v, query: new URLSearchParams("edit=h1") },
      {
        channels: [channelView(bad)],
        failing: new Set(["h1"]),
        types: [hook],
        deliveries: [deliveryView(bad)],
        heartbeat: { on: true, atMs: 1, why: bad },
        places,
        standing: () => ({ open: false }),
        zone: "UTC",
      },
      form("test", { id: "h1", answer: bad }),
    ),
  };
}

const hook = {
  type: "webhook",
  name: "Webhook",
  fields: [
    { name: "url", kind: "url" as const, secret: true as const, required: true as const },
    { name: "token", kind: "text" as const },
    { name: "template", kind: "lines" as const },
  ],
};

const tabs = ["overview", "containers", "metrics", "pods", "template", "events"];
const spare = <K extends KindKey>(kind: K) => fill(kinds[kind].schema, "x", false) as ItemOf[K];

for (const lang of ["en", "zh"] as const)
  test(`every page is whole where all optional fields are missing, in ${lang}`, () => {
    for (const tab of tabs)
      for (const [page, fragments] of Object.entries(
        pages(viewer(`/?tab=${tab}`, { t: texts[lang], lang }), spare),
      ))
        for (const [id, { text }] of Object.entries(fragments)) {
          expect(text, `${page} ${id}`).toMatch(new RegExp(`^<\\w+[^>]* id="${id}"`));
          expect(text, `${page} ${id}`).not.toMatch(/\bundefined\b|\bNaN\b|\[object|Invalid Date/);
        }
  });

test("nothing that a cluster names becomes markup, in any field of any kind", () => {
  const payload = `"'><img src=x onerror=alert(1)><svg onload=alert(1)>`;
  const full = <K extends KindKey>(kind: K) => fill(kinds[kind].schema, payload, true) as ItemOf[K];
  const seen = new Set<string>();
  for (const tab of tabs)
    for (const [page, fragments] of Object.entries(pages(viewer(`/?tab=${tab}`), full, payload)))
      for (const { text } of Object.values(fragments)) {
        expect(text, page).not.toContain("<img");
        expect(text, page).not.toContain("<svg onload");
        // No attribute was broken out of: no tag has a handler.
        expect(text, page).not.toMatch(/<[^>"]*(?:"[^"]*"[^>"]*)*\son\w+=/);
        if (text.includes("onerror=alert(1)&gt;")) seen.add(page);
      }
  expect(seen.size).toBe(27);
});

test("an address that a cluster names never becomes a script's", () => {
  const full = <K extends KindKey>(kind: K) =>
    fill(kinds[kind].schema, "javascript:alert(1)//", true) as ItemOf[K];
  for (const fragments of Object.values(pages(viewer("/"), full, "javascript:alert(1)//")))
    for (const { text } of Object.values(fragments)) expect(text).not.toMatch(/href="\s*javascript:/i);
});

test("every kind that travels as a list has a page here", () => {
  const known = Object.keys(pages(viewer("/"), spare));
  const short: Partial<Record<KindKey, string>> = {
    persistentvolumeclaim: "claim",
    horizontalpodautoscaler: "autoscaler",
  };
  expect(kindKeys.map((kind) => short[kind] ?? kind).filter((kind) => !known.includes(kind))).toEqual([]);
});

test("ids within a page are unique", () => {
  const full = <K extends KindKey>(kind: K) => fill(kinds[kind].schema, "name", true) as ItemOf[K];
  for (const tab of tabs)
    for (const [page, fragments] of Object.entries(pages(viewer(`/?tab=${tab}`), full, "name"))) {
      const ids = Object.values(fragments).flatMap(({ text }) =>
        [...text.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]!),
      );
      expect(
        ids.filter((id, at) => ids.indexOf(id) !== at),
        `${page} ${tab}`,
      ).toEqual([]);
    }
});

function previewOf(bad: string): RulePreview {
  const about = { cluster: bad, kind: bad, namespace: bad, object: bad, measure: `disk ${bad}/share` };
  return {
    fromMs: 1,
    toMs: 86_400_001,
    basis: "values",
    stepMs: 60_000,
    of: "mean",
    knownFromMs: 2,
    alerts: [{ ...about, firedMs: 5, peak: 1, flapping: true, muted: true }],
    total: 1,
    muted: 1,
    now: [{ ...about, text: bad }],
    nowTotal: 20,
    there: 2,
    gone: 1,
    looked: 1,
  };
}
