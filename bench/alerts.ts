/**
 * Judging alerts: 1,000 rules of all kinds over 200 nodes and 10,000 pods in one cluster, of which some are in trouble,
 * as the master does it each second, in slices between which others get their turn. Prints `name value unit` a line.
 * `bun bench/alerts.ts [--small]`
 */
import { defaultRules } from "../master/alert/defaults.ts";
import type { Condition } from "../master/alert/conditions/schema.ts";
import type { Alerts } from "../master/alert/evaluate.ts";
import type { Group } from "../master/alert/group.ts";
import { judging } from "../master/alert/judge.ts";
import { Paced, pacedBudgetMs } from "../master/alert/paced.ts";
import type { Rule } from "../master/alert/rule.ts";
import { inSlices } from "../master/alert/slices.ts";
import { createDatasource } from "../master/datasource/datasource.ts";
import { HistoryWindows } from "../master/history/windows.ts";
import { createMemoryHub } from "../master/hub/memory.ts";
import { channelDefaults } from "../master/notify/channels.ts";

const small = process.argv.includes("--small");
const nodes = small ? 50 : 200;
const pods = small ? 1000 : 10_000;
const troubled = pods / 20;
const ruleCount = small ? 100 : 1000;
const rounds = small ? 20 : 200;

const start = Date.now();
let now = start;
const hub = createMemoryHub({ ttlMs: 1000, maxRecords: 10, maxBytes: 1e6 });
const datasource = createDatasource({ hub, silentAfterMs: 90_000, now: () => now });
const id = "c1";
datasource.setClusters([
  { id, name: "prod", tenant: "default", flavour: "kubernetes", createdMs: 1 } as never,
]);
const item = (key: string, value: object) => ({ key, text: JSON.stringify(value), item: value });
const list = (source: string, items: object[]) =>
  hub.append({
    clusterID: id,
    source,
    tsMs: Date.now(),
    payload: { mode: "full", items, removed: [] },
  } as never);
list(
  "node_list_snapshot",
  Array.from({ length: nodes }, (_, n) =>
    item(`node-${n}`, { summary: { name: `node-${n}`, ready: "True" }, labels: { zone: `z${n % 3}` } }),
  ),
);
list("job_list_snapshot", []);
list(
  "pod_list_snapshot",
  Array.from({ length: pods }, (_, n) =>
    item(`ns-${n % 20}/pod-${n}`, {
      summary: {
        name: `pod-${n}`,
        namespace: `ns-${n % 20}`,
        node: `node-${n % nodes}`,
        phase: "Running",
        uid: `uid-${n}`,
        owners: [
          { kind: "ReplicaSet", name: `app-${n % 500}-x` },
          { kind: "Deployment", name: `app-${n % 500}` },
        ],
      },
      containers: [
        {
          name: "app",
          resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "2", memory: "1Gi" } },
        },
      ],
      labels: { app: `app-${n % 500}` },
    }),
  ),
);
const reasons = ["CrashLoopBackOff", "OOMKilled", "ImagePullBackOff", "NotReady", "Unschedulable"];
const occurrences = () =>
  Array.from({ length: troubled }, (_, n) => ({
    id: `e${n}`,
    ts_ms: now,
    first_ts_ms: start - 3_600_000,
    kind: "Pod",
    namespace: `ns-${(n * 20) % 20}`,
    name: `pod-${n * 20}`,
    reason: reasons[n % reasons.length],
    count: 1 + Math.floor((now - start) / 30_000),
    message: "it does not run",
    severity: "warning",
    origin: "diagnosis",
  }));
const podsOn = Array.from({ length: nodes }, (_, node) =>
  Array.from({ length: Math.ceil((pods - node) / nodes) }, (_, at) => node + at * nodes),
);
const metrics = (round: number) =>
  Array.from({ length: nodes }, (_, n) => ({
    nodeName: `node-${n}`,
    timestamp: new Date(now).toISOString(),
    cpu: { usage: 0.3 + (n % 7) / 20, cores: 8, load5: 2 },
    memory: { total: 64e9, used: 20e9 + round * 1e6 * (n % 3) },
    disk: ["/", "/data", "/var"].map((mountPoint, at) => ({
      mountPoint,
      total: 1e12,
      used: (0.2 + ((n + at) % 75) / 100) * 1e12,
    })),
    containers: podsOn[n]!.map((pod) => ({
      podUID: `uid-${pod}`,
      cpuCores: 0.1 + ((pod + round) % 10) / 20,
      memoryWorkingSet: 2 ** 28 + (pod % 100) * 2 ** 22 + round * 2 ** 12,
    })),
  }));

const over = { of: "pod", group: "usage" } as const;
const hour = 3_600_000;
/** Of each kind that looks at values or at the past, as people write them. */
const kinds: Condition[] = [
  { type: "threshold", ...over, series: "memory of limit", op: "above", trigger: 0.9, clear: 0.8 },
  { type: "threshold", ...over, of: "workload", series: "cpu", op: "above", trigger: 8, clear: 6 },
  { type: "threshold", group: "disk *", series: "share", op: "above", trigger: 0.92, clear: 0.9 },
  {
    type: "rate",
    ...over,
    of: "workload",
    series: "memory",
    op: "rises",
    per: "hour",
    trigger: 2 ** 33,
    clear: 2 ** 32,
    windowMs: hour,
  },
  {
    type: "rate",
    group: "memory",
    series: "used",
    op: "rises",
    per: "hour",
    trigger: 1e9,
    clear: 5e8,
    windowMs: hour,
  },
  {
    type: "forecast",
    group: "disk *",
    series: "share",
    op: "rises",
    level: 1,
    floor: 0.5,
    windowMs: 6 * hour,
    withinMs: 24 * hour,
    clearMs: 48 * hour,
  },
  {
    type: "forecast",
    ...over,
    series: "memory of limit",
    op: "rises",
    level: 1,
    windowMs: hour,
    withinMs: 4 * hour,
    clearMs: 8 * hour,
  },
  { type: "absence", what: "values", of: "pod" },
  { type: "absence", what: "object", kinds: ["Deployment"], names: ["app-*"] },
  { type: "events", reasons: ["OOMKilled"], by: "namespace", count: 50, windowMs: hour },
];

/**
 * Rules as people write them: half over what is wrong and over nodes, as those that come with AtlHyper, half of the
 * other kinds; most in a scope of their own.
 */
const rules: Rule[] = Array.from({ length: ruleCount }, (_, n) => {
  const like = defaultRules[n % defaultRules.length]!;
  const condition = n % 2 === 0 ? like.condition : kinds[(n >> 1) % kinds.length]!;
  const nodesOnly = "group" in condition && (condition as { of?: string }).of === undefined;
  const namespaces = nodesOnly || n < 2 * kinds.length ? undefined : [`ns-${n % 20}`];
  return {
    ...like,
    id: `r${n}`,
    name: `Rule${n}`,
    condition,
    forMs: 0,
    scope: namespaces ? { namespaces } : {},
  };
});
const channels = [{ ...channelDefaults, id: "h1", groupWaitMs: 0 }];

const windows = new HistoryWindows({
  over: () => undefined,
  failed: (what, error) => console.error(what, error),
  now: () => now,
});
const past = {
  window: windows.get.bind(windows),
  events: () => ({ items: [] }),
};
const paced = new Paced(pacedBudgetMs);

const times: number[] = [];
let alerts: Alerts = new Map();
let groups: ReadonlyMap<string, Group> = new Map();
const nobody = {
  escalations: new Map(),
  silences: [],
  windows: [],
  policies: [],
};
let longest = 0;
for (let round = 0; round < rounds; round++) {
  now += 1000;
  // All of it is new in each round: nothing that was computed before helps.
  if (round % 5 === 0)
    hub.append({
      clusterID: id,
      source: "metrics_snapshot",
      tsMs: now,
      payload: { snapshots: metrics(round) },
    } as never);
  hub.append({ clusterID: id, source: "events", tsMs: now, payload: { events: occurrences() } } as never);
  const turn = performance.now();
  const owners = new Map([[id, "default"]]);
  const facts = datasource.facts(past);
  const given = { alerts, rules, facts, owners, now, paced, channels, groups };
  const { value, spentMs } = await inSlices(watched(judging({ ...given, ...nobody })));
  ({ alerts, groups } = value);
  times.push(spentMs);
  if (process.env.ROUNDS) console.log(round, turn.toFixed(0), times.at(-1)!.toFixed(1));
  windows.settle();
}

/** The longest that others wait for one step. */
function* watched<T>(steps: Generator<unknown, T>): Generator<void, T> {
  for (;;) {
    const since = performance.now();
    const { value, done } = steps.next();
    longest = Math.max(longest, performance.now() - since);
    if (done) return value as T;
    yield;
  }
}
const first = times.shift()!;
times.sort((a, b) => a - b);
const print = (name: string, value: number, unit: string) =>
  console.log(`${name} ${Number(value.toPrecision(3))} ${unit}`);
print("alerts_evaluation_p50", times[times.length >> 1]!, "ms");
print("alerts_evaluation_p99", times[Math.floor(times.length * 0.99)]!, "ms");
print("alerts_evaluation_worst", times.at(-1)!, "ms");
print("alerts_evaluation_first", first, "ms");
print("alerts_evaluation_longest_step", longest, "ms");
print("alerts_windows", windows.size, "windows");
print("alerts_rules", rules.length, "rules");
print("alerts_held", alerts.size, "alerts");
datasource.stop();
