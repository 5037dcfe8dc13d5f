import { expect, test } from "bun:test";
import { prometheus, promtool } from "./lib/prometheus.ts";
import { difference, startSideBySide } from "./lib/side-by-side.ts";

const missing = !prometheus || !promtool;
if (missing) console.log("skipped: random queries beside a real Prometheus: prometheus is not installed");

const count = 1500;
const year = 365 * 86_400_000;
const keptMs = [10, 10, 10, 10].map((years) => years * year);
const config = Object.fromEntries(
  ["historyRawMs", "historyMinuteMs", "historyTenMinutesMs", "historyHourMs"].map((name) => [
    name,
    keptMs[0]!,
  ]),
);

let state = 20_260_105;
function random(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;

const metrics = [
  "atlhyper_node_cpu_usage_ratio",
  "atlhyper_node_core_usage_ratio",
  "atlhyper_node_memory_used_bytes",
  "atlhyper_node_disk_inodes_used",
  "atlhyper_node_net_received_bytes_per_second",
  "atlhyper_node_temperature_celsius",
];
const matchers = [
  "",
  "",
  '{node="n1"}',
  '{node=~"n[12]"}',
  '{core="0"}',
  '{node!="n3",cluster="home"}',
].concat(['{core!~"1|2"}', '{device="eth0"}']);
const labels = ["node", "core", "cluster", "mount", "device", "none", "__name__"];
const matchings = ["", " on (node, cluster)", " on (node) group_left", " on (node) group_right"].concat([
  " ignoring (core, device, mount, sensor) group_left",
  " on (node) group_left (core)",
]);
const overTime = ["avg", "sum", "min", "max", "count", "last", "present", "stddev", "stdvar"];
const ofRanges = ["irate", "idelta", "delta", "deriv", "changes", "resets", "rate", "increase"].concat(
  overTime.map((name) => `${name}_over_time`),
);
const ofVectors = [
  "abs",
  "ceil",
  "floor",
  "exp",
  "ln",
  "log2",
  "log10",
  "sqrt",
  "sgn",
  "-",
  "absent",
  "timestamp",
];
const dates = [
  "minute",
  "hour",
  "day_of_week",
  "day_of_month",
  "day_of_year",
  "days_in_month",
  "month",
  "year",
];

const offset = () => pick(["", "", "", " offset 7m", " offset -2m"]);
const selector = () => pick(metrics) + pick(matchers);
const window = () => pick(["1m", "5m", "90s", "20m", "1h", "15s"]);
const grouping = () =>
  pick(["", ` by (${pick(labels)})`, ` by (${pick(labels)}, ${pick(labels)})`, ` without (${pick(labels)})`]);
const matching = () => pick([...matchings, ` on (${pick(labels)})`, ` ignoring (${pick(labels)})`]);
const arithmetic = () => pick(["+", "-", "*", "/", "%", "^"]);
const comparison = () => pick(["==", "!=", ">", "<", ">=", "<="]);

function range(depth: number): string {
  if (depth <= 0 || random() < 0.8) return `${selector()}[${window()}]${offset()}`;
  // Not at whole minutes: these are answered from minutes, which have means to a precision.
  return `(${vector(depth - 1)})[${pick(["10m", "30m"])}:${pick(["65s", "95s", "130s"])}]${offset()}`;
}

function scalar(depth: number): string {
  const kind = depth > 0 ? random() : 1;
  if (kind < 0.25) return `scalar(${vector(depth - 1)})`;
  if (kind < 0.5) return `(${scalar(depth - 1)} ${arithmetic()} ${scalar(depth - 1)})`;
  return pick(["time()", "0", "1", "2", "-1", "0.5", "1e6", "-2.5"]);
}

function vector(depth: number): string {
  if (depth <= 0) return selector() + offset();
  const inner = () => vector(depth - 1);
  const replaced = () =>
    `"${pick(["node", "x"])}", "${pick(["$1", "a-$1", "", "$0"])}", "${pick(labels)}", "${pick(["(.*)", "n(.)", "home"])}"`;
  return pick([
    () => selector() + offset(),
    () => `${pick(ofRanges)}(${range(depth - 1)})`,
    () => `quantile_over_time(${scalar(0)}, ${range(depth - 1)})`,
    () => `predict_linear(${range(depth - 1)}, ${scalar(0)})`,
    () => `absent_over_time(${range(depth - 1)})`,
    () => `${pick(["sum", "avg", "min", "max", "count", "group"])}${grouping()} (${inner()})`,
    () => `quantile${grouping()} (${scalar(0)}, ${inner()})`,
    () => `${inner()} ${arithmetic()} ${scalar(depth - 1)}`,
    () => `${scalar(depth - 1)} ${arithmetic()} ${inner()}`,
    () => `${inner()} ${comparison()}${pick(["", " bool"])} ${scalar(depth - 1)}`,
    () => `${inner()} ${pick([arithmetic, comparison])()}${matching()} ${inner()}`,
    () =>
      `${inner()} ${pick(["and", "or", "unless"])}${pick(["", " on (node)", " ignoring (core)"])} ${inner()}`,
    () => `${pick(ofVectors)}(${inner()})`,
    // Of what is no number Prometheus tells the date that its machine makes of it.
    () => `${pick(dates)}(${pick(["", `${selector()} * 1e6 % 4e9`])})`,
    () => `round(${inner()}, ${scalar(0)})`,
    () => `clamp(${inner()}, ${scalar(0)}, ${scalar(0)})`,
    () => `${pick(["clamp_min", "clamp_max"])}(${inner()}, ${scalar(depth - 1)})`,
    () => `label_replace(${inner()}, ${replaced()})`,
    () => `vector(${scalar(depth - 1)})`,
  ])();
}

// The samples and the queries are the same in each run.
test.skipIf(missing)(
  "random queries have the answers, and the faults, of a real Prometheus",
  async () => {
    await using both = await startSideBySide(19_097, 3, { keptMs, endMs: Date.UTC(2026, 0, 5) }, config);
    const { beginMs } = both.seeded;
    const faults: string[] = [];
    const kinds = new Map<string, number>();
    for (let at = 0; at < count; at++) {
      const query = vector(1 + Math.floor(random() * 4));
      const [path, parameters] =
        random() < 0.4
          ? [
              "query_range",
              { start: `${beginMs / 1000 + 3603}`, end: `${beginMs / 1000 + 7203}`, step: "185" },
            ]
          : ["query", { time: `${beginMs / 1000 + Math.floor(random() * 2100) * 5 + 3}` }];
      const mine = await both.ask("mine", "POST", path, { query, ...parameters } as Record<string, string>);
      const theirs = await both.ask("theirs", "POST", path, { query, ...parameters } as Record<
        string,
        string
      >);
      const found =
        theirs.status === "success" ? (theirs.data.result as unknown[]).length > 0 : theirs.errorType;
      kinds.set(String(found), (kinds.get(String(found)) ?? 0) + 1);
      const different =
        mine.http === theirs.http
          ? difference(mine, theirs)
          : `${mine.http} ${mine.error}, not ${theirs.http}`;
      if (different) faults.push(`${query} ${JSON.stringify(parameters)}: ${different}`);
    }
    console.log([...kinds].map(([kind, number]) => `${number} ${kind}`).join(", "));
    expect(faults).toEqual([]);
    both.printSpent();
  },
  600_000,
);
