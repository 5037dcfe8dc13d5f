/**
 * Judging alerts: 1,000 rules over 200 nodes and 10,000 pods in one cluster, of which some are in trouble, as the
 * master does it each second. Prints `name value unit` a line. `bun bench/alerts.ts [--small]`
 */
import { defaultRules } from "../master/alert/defaults.ts";
import { type Alerts, evaluate } from "../master/alert/evaluate.ts";
import { decide } from "../master/alert/group.ts";
import { mutedOf } from "../master/alert/inhibit.ts";
import type { Rule } from "../master/alert/rule.ts";
import { createDatasource } from "../master/datasource/datasource.ts";
import { createMemoryHub } from "../master/hub/memory.ts";
import { channelDefaults } from "../master/notify/channels.ts";

const small = process.argv.includes("--small");
const nodes = small ? 50 : 200;
const pods = small ? 1000 : 10_000;
const troubled = pods / 20;
const ruleCount = small ? 100 : 1000;
const rounds = small ? 20 : 200;

const hub = createMemoryHub({ ttlMs: 1000, maxRecords: 10, maxBytes: 1e6 });
const datasource = createDatasource({ hub, silentAfterMs: 90_000 });
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
const now = Date.now();
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
        owners: [
          { kind: "ReplicaSet", name: `app-${n % 500}-x` },
          { kind: "Deployment", name: `app-${n % 500}` },
        ],
      },
      labels: { app: `app-${n % 500}` },
    }),
  ),
);
const reasons = ["CrashLoopBackOff", "OOMKilled", "ImagePullBackOff", "NotReady", "Unschedulable"];
const occurrences = () =>
  Array.from({ length: troubled }, (_, n) => ({
    id: `e${n}`,
    ts_ms: Date.now(),
    first_ts_ms: now - 3_600_000,
    kind: "Pod",
    namespace: `ns-${(n * 20) % 20}`,
    name: `pod-${n * 20}`,
    reason: reasons[n % reasons.length],
    message: "it does not run",
    severity: "warning",
    origin: "diagnosis",
  }));
const metrics = (round: number) =>
  Array.from({ length: nodes }, (_, n) => ({
    nodeName: `node-${n}`,
    timestamp: new Date(now + round).toISOString(),
    cpu: { usage: 0.3 + (n % 7) / 20, cores: 8, load5: 2 },
    memory: { total: 64e9, used: 20e9 },
    disk: ["/", "/data", "/var"].map((mountPoint, at) => ({
      mountPoint,
      total: 1e12,
      used: (0.2 + ((n + at) % 75) / 100) * 1e12,
    })),
  }));

/** Rules as people write them: half over nodes, half over what is wrong, each in a scope of its own. */
const rules: Rule[] = Array.from({ length: ruleCount }, (_, n) => {
  const like = defaultRules[n % defaultRules.length]!;
  const namespaces =
    like.condition.type === "problem" && n >= defaultRules.length ? [`ns-${n % 20}`] : undefined;
  return { ...like, id: `r${n}`, name: `Rule${n}`, forMs: 0, scope: namespaces ? { namespaces } : {} };
});
const channels = [{ ...channelDefaults, id: "h1", groupWaitMs: 0 }];

const times: number[] = [];
let alerts: Alerts = new Map();
let groups: Parameters<typeof decide>[0]["groups"] = new Map();
for (let round = 0; round < rounds; round++) {
  // All of it is new in each round: nothing that was computed before helps.
  hub.append({
    clusterID: id,
    source: "metrics_snapshot",
    tsMs: now,
    payload: { snapshots: metrics(round) },
  } as never);
  hub.append({ clusterID: id, source: "events", tsMs: now, payload: { events: occurrences() } } as never);
  const start = performance.now();
  const at = Date.now();
  const owners = new Map([[id, "default"]]);
  alerts = evaluate({ alerts, rules, facts: datasource.facts(), owners, now: at });
  const muted = mutedOf(alerts.values(), [], owners, at);
  groups = decide({ channels, groups, alerts, muted, owners, now: at }).groups;
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const print = (name: string, value: number, unit: string) =>
  console.log(`${name} ${Number(value.toPrecision(3))} ${unit}`);
print("alerts_evaluation_p50", times[Math.floor(rounds / 2)]!, "ms");
print("alerts_evaluation_p99", times[Math.floor(rounds * 0.99)]!, "ms");
print("alerts_evaluation_first_or_worst", times.at(-1)!, "ms");
print("alerts_rules", rules.length, "rules");
print("alerts_held", alerts.size, "alerts");
datasource.stop();
