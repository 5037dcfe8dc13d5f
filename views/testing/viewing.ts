import type {
  AlertView,
  ChannelView,
  DeliveryView,
  EscalationView,
  MaintenanceView,
  RuleView,
  SilenceView,
} from "../alert-model.ts";
import type { ClusterView, ProblemView, Row } from "../model.ts";
import type { StoredEvent } from "../event-model.ts";
import { texts } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";

/** Somebody who looks at `path`, for tests of pages. */
export function viewer(path = "/", more: Partial<Viewing> = {}): Viewing {
  const url = new URL(path, "http://own.invalid");
  return {
    t: texts.en,
    lang: "en",
    theme: "system",
    now: 1_800_000_000_000,
    path: url.pathname,
    query: url.searchParams,
    scope: {},
    clusters: [cluster("c1", "production")],
    namespaces: [],
    user: { name: "ada", role: "admin" },
    admin: () => true,
    can: () => true,
    needsApproval: () => false,
    firing: 0,
    proposed: 0,
    doing: [],
    passwordLeast: 10,
    csrf: "token",
    assets: { css: "", js: "", icon: "", charts: "", chartLarge: "", logs: "", terminal: "", xtermCss: "" },
    demo: { available: false, running: false },
    ...more,
  };
}

export function cluster(id: string, name: string, more: Partial<ClusterView> = {}): ClusterView {
  return {
    id,
    name,
    flavour: "kubernetes",
    connection: "connected",
    lastSeenMs: 1_800_000_000_000,
    health: "ok",
    counts: {
      nodes: 1,
      nodesReady: 1,
      pods: 2,
      podsAttention: 0,
      workloads: 1,
      workloadsAttention: 0,
      namespaces: 1,
    },
    usage: { cpuCores: 1, cpuTotal: 4, memoryBytes: 2 ** 30, memoryTotal: 2 ** 32 },
    ...more,
  };
}

export function rowOf<T>(item: T, more: Partial<Row<T>> = {}): Row<T> {
  return {
    cluster: "c1",
    key: "k",
    item,
    health: "ok",
    state: "Running",
    why: "",
    sinceMs: 0,
    createdMs: 0,
    ...more,
  };
}

export function storedEvent(more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    cluster: "c1",
    id: "e1",
    ts_ms: 1_799_999_990_000,
    kind: "Pod",
    namespace: "shop",
    name: "web",
    reason: "BackOff",
    severity: "warning",
    ...more,
  };
}

export function problemView(more: Partial<ProblemView> = {}): ProblemView {
  return {
    cluster: "c1",
    kind: "Pod",
    namespace: "shop",
    name: "web",
    node: "",
    reason: "CrashLoopBackOff",
    message: "container web exits with 1",
    severity: "critical",
    sinceMs: 1_799_999_900_000,
    lastMs: 1_799_999_990_000,
    count: 3,
    ...more,
  };
}

/** An alert all of whose texts are `bad`, with what there is to know of it besides. */
export function alertView(bad: string, more: Partial<AlertView> = {}): AlertView {
  return {
    fingerprint: "0123456789abcdef",
    rule: bad,
    name: bad,
    severity: "critical",
    cluster: "c1",
    kind: bad,
    namespace: bad,
    object: bad,
    labels: { alertname: bad, kind: bad, name: bad, mount: bad },
    annotations: { summary: bad, description: bad, message: bad },
    state: "firing",
    sinceMs: 1,
    firedMs: 1,
    lastMs: 1,
    fired: [1],
    flapping: true,
    ack: { by: bad, atMs: 1, note: bad },
    ...more,
  };
}

export function ruleView(bad: string, more: Partial<RuleView> = {}): RuleView {
  return {
    id: "r1",
    name: bad,
    enabled: true,
    severity: "critical",
    condition: { type: "threshold", group: bad, series: bad, op: "above", trigger: 1, clear: 0 },
    forMs: 0,
    keepMs: 90_000,
    scope: { clusters: [bad], namespaces: [bad], labels: { [bad]: bad } },
    labels: { [bad]: bad },
    annotations: { summary: bad, description: bad },
    origin: "own",
    ...more,
  };
}

export function silenceView(bad: string): SilenceView {
  return {
    id: "s1",
    tenant: bad,
    cluster: "c1",
    namespace: bad,
    matchers: [{ name: bad, op: "=", value: bad }],
    comment: bad,
    by: bad,
    createdMs: 1,
    startsMs: 1,
    endsMs: 1_900_000_000_000,
  };
}

export function maintenanceView(bad: string, more: Partial<MaintenanceView> = {}): MaintenanceView {
  return {
    id: "m1",
    tenant: bad,
    cluster: "c1",
    namespace: bad,
    matchers: [{ name: bad, op: "=", value: bad }],
    name: bad,
    reason: bad,
    by: bad,
    createdMs: 1,
    schedule: { type: "cron", zone: "UTC", expression: bad, durationMs: 60_000 },
    ...more,
  };
}

export function escalationView(bad: string): EscalationView {
  return {
    id: "p1",
    name: bad,
    enabled: false,
    tenant: "t",
    severities: ["critical"],
    matchers: [{ name: bad, op: "=", value: bad }],
    steps: [{ afterMs: 60_000, channel: "h1" }],
    repeats: 2,
    createdMs: 1,
  };
}

export function channelView(bad: string): ChannelView {
  return {
    id: "h1",
    name: bad,
    type: "webhook",
    enabled: true,
    settings: { template: bad, token: bad },
    secrets: ["url"],
    severities: ["critical"],
    matchers: [{ name: bad, op: "=", value: bad }],
    groupBy: [bad],
    groupWaitMs: 0,
    groupIntervalMs: 1000,
    repeatMs: 60_000,
    sendResolved: true,
    activeTimes: { zone: bad, times: [{ days: ["mon", "tue", "wed"], from: "08:00", to: "18:00" }] },
    createdMs: 1,
  };
}

export function deliveryView(bad: string): DeliveryView {
  return {
    id: "d1",
    channel: "h1",
    channelName: bad,
    title: bad,
    state: "queued",
    attempts: 2,
    createdMs: 1,
    nextMs: 1_900_000_000_000,
    answer: bad,
    fingerprints: ["0123456789abcdef"],
  };
}
