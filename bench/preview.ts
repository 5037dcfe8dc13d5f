/**
 * Rules tried out over what is kept, without HTTP: how much CPU that takes, and for how long others wait at most. Prints
 * `name value unit`. `bun bench/preview.ts [nodes] [days]`, 40 nodes with 4 disks each over 7 days by default.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Condition } from "../master/alert/conditions/schema.ts";
import { preview } from "../master/alert/replay/preview.ts";
import type { Rule } from "../master/alert/rule.ts";
import { inSlices } from "../master/alert/slices.ts";
import { openDatabase } from "../master/database/database.ts";
import type { ClusterFacts } from "../master/datasource/alert-facts.ts";
import { type Column, columnOf, nothingMeasured } from "../master/datasource/values/measured.ts";
import { createMetricsHistory } from "../master/history/history.ts";
import { random } from "../master/control/lab.ts";
import { percentile, print } from "./samples/print.ts";

const nodes = Number(process.argv[2] ?? 40);
const days = Number(process.argv[3] ?? 7);
const minute = 60_000;
const day = 1440 * minute;
const begin = Date.UTC(2026, 0, 5);
const disks = ["/", "/data", "/var", "/home"];
const total = 100 * 2 ** 30;

const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
const db = openDatabase(folder);
const clock = { now: begin };
const history = createMetricsHistory(db, {
  keptMs: [2, 14, 90, 730].map((kept) => kept * day),
  maxBytes: 2 ** 40,
  findPod: () => undefined,
  now: () => clock.now,
  failed: (what, error) => console.error(what, error),
});
const next = random(1);
for (let at = 0; at < days * 1440; at++) {
  clock.now = begin + at * minute;
  const timestamp = new Date(clock.now).toISOString();
  for (let node = 0; node < nodes; node++) {
    const usage = Math.round(300 + 250 * Math.sin(at / 200 + node) + next() * 200) / 1000;
    history.take("c", [
      {
        nodeName: `n${node}`,
        timestamp,
        cpu: { usage, cores: 4 },
        memory: { total: 2 ** 33, used: Math.round(2 ** 32 + usage * 2 ** 30) },
        disk: disks.map((mountPoint, disk) => ({
          device: `sd${disk}`,
          mountPoint,
          fsType: "ext4",
          total,
          used: Math.round(total * (0.3 + 0.1 * disk)),
        })),
      },
    ]);
  }
  if (at % 60 === 0) history.settle();
}
history.flush();
history.settle();

const values = new Map([
  ["cpu", new Map([["usage", 0.5]])],
  ["memory", new Map([["used", 2 ** 32]])],
  ...disks.map((one, disk) => [`disk ${one}`, new Map([["share", 0.3 + 0.1 * disk]])] as const),
]);
const all = Array.from(
  { length: nodes },
  (_, node) => [{ kind: "Node", namespace: "", name: `n${node}`, node: `n${node}` }, values] as const,
);
const facts: ClusterFacts = {
  ...nothingMeasured,
  id: "c",
  name: "prod",
  now: clock.now,
  live: true,
  faults: [],
  labelsOf: () => ({}),
  column: (_of, group, series): Column => columnOf(all, group, series),
};
const level = (group: string, series: string, trigger: number, clear: number): Condition => ({
  type: "threshold",
  group,
  series,
  op: "above",
  trigger,
  clear,
});
const cases: [string, number, Condition][] = [
  ["quiet disks 7d", 7, level("disk *", "share", 0.9, 0.87)],
  ["cpu often 1d", 1, level("cpu", "usage", 0.6, 0.5)],
  ["cpu often 7d", 7, level("cpu", "usage", 0.6, 0.5)],
  ["cpu always 7d", 7, level("cpu", "usage", 0.01, 0.005)],
  ["cpu often 30d", 30, level("cpu", "usage", 0.6, 0.5)],
  [
    "memory rises 7d",
    7,
    {
      type: "rate",
      group: "memory",
      series: "used",
      op: "rises",
      per: "hour",
      trigger: 3e8,
      clear: 2e8,
      windowMs: 360 * minute,
    },
  ],
  [
    "disks fill 7d",
    7,
    {
      type: "forecast",
      group: "disk *",
      series: "share",
      op: "rises",
      level: 1,
      windowMs: 360 * minute,
      withinMs: day,
      clearMs: 2 * day,
    },
  ],
];

for (const [name, rangeDays, condition] of cases) {
  const rule: Rule = {
    id: "r",
    name: "R",
    enabled: true,
    severity: "warning",
    condition,
    forMs: 5 * minute,
    keepMs: 2 * minute,
    scope: {},
    labels: {},
    annotations: { summary: "s", description: "" },
  };
  const steps = preview({
    rule,
    rangeMs: rangeDays * day,
    nowMs: clock.now,
    facts: [facts],
    owners: new Map([["c", "t"]]),
    sight: "everything",
    metrics: history,
    events: {
      search: () => ({ items: [], total: 0, more: false }),
      get: () => undefined,
      recentWarnings: () => [],
    },
    ownerOf: () => undefined,
    silences: [],
    windows: [],
    nodes: () => [],
    late: () => false,
  });
  const longest: number[] = [];
  const before = process.cpuUsage();
  const { value } = await inSlices({
    next() {
      const start = performance.now();
      const step = steps.next();
      longest.push(performance.now() - start);
      return step;
    },
  });
  const { user, system } = process.cpuUsage(before);
  const key = `preview_${name.replaceAll(" ", "_")}`;
  print(`${key}_cpu`, (user + system) / 1000, "ms");
  print(`${key}_step_p99`, percentile(longest, 0.99), "ms");
  print(`${key}_alerts`, value.total, "count");
}
history.close();
db.close();
rmSync(folder, { recursive: true });
