import { expect, test } from "bun:test";
import { defaultRules } from "../defaults.ts";
import { conditionSchemas } from "../conditions/schema.ts";
import { atOnce } from "../slices.ts";
import { readRules, type WrittenRule } from "./read.ts";
import { writeRules } from "./write.ts";

const read = (text: string) => atOnce(readRules(text));
const write = (rules: readonly WrittenRule[]) => atOnce(writeRules(rules));
const said = (text: string) =>
  read(text).faults.map(
    ({ line, rule = "", path = "", message }) => `${line} ${[rule, path].join(" ")}: ${message}`,
  );
const plain = (text: string) => read(text).rules.map(({ line: _, ...rule }) => rule);

const short = `# the shop
- id: shop-down
  severity: critical
  condition: {type: problem, kinds: [Deployment], reasons: [NoReplicasAvailable]}
  for: 1h30m
  scope: {namespaces: [shop], labels: {version: 1.10}}

- id: disk
  name: ShopDisk
  tenant: acme
  condition:
    type: threshold
    group: disk *
    series: share
    op: above
    trigger: 87.5%
    clear: 0.8
  annotations:
    summary: "{{ mount }} is {{ value }} full"
`;

test("a rule is read from YAML with durations, percents and what is usual where nothing is said", () => {
  expect(read(short).faults).toEqual([]);
  const [shop, disk] = read(short).rules;
  expect(shop).toEqual({
    id: "shop-down",
    name: "shop-down",
    enabled: true,
    severity: "critical",
    condition: { type: "problem", kinds: ["Deployment"], reasons: ["NoReplicasAvailable"] },
    forMs: 5_400_000,
    keepMs: 60_000,
    // A number is a text where one is needed, as it was written.
    scope: { namespaces: ["shop"], labels: { version: "1.10" } },
    labels: {},
    annotations: { summary: "{{ kind }} {{ name }}: {{ message }}", description: "" },
    line: 2,
  });
  expect(disk).toMatchObject({
    name: "ShopDisk",
    tenant: "acme",
    severity: "warning",
    condition: { trigger: 0.875, clear: 0.8 },
    line: 8,
  });
});

test("each fault is told with its line, rule and place, and what would be right", () => {
  expect(
    said(`- id: a
  sevrity: warning
  condition: {type: problem}
  for: 5
- id: b
  condition:
    type: treshold
- id: a
  condition:
    type: threshold
    group: cpu
    series: usage
    op: over
    trigger: much
  for: 8d
- severity: bad
  condition: {type: problem, kinds: Pod}
  labels: {alertname: x, "1": y}
  enabled: yes
- id: files
  condition: {type: threshold, group: cpu, series: usage, op: above, trigger: 50%, clear: 60%}
`),
  ).toEqual([
    '2 a sevrity: there is no "sevrity" here: it may be severity',
    "4 a for: a duration is written as 30s, 5m, 1h or 2d",
    `7 b condition.type: has to be one of ${Object.keys(conditionSchemas).join(", ")}, and is "treshold"`,
    "9 a condition.clear: is missing",
    '13 a condition.op: has to be one of above, below, and is "over"',
    "14 a condition.trigger: a number is needed, such as 0.9, 90% or 512Mi",
    "15 a for: has to be at most 7d",
    '16 #4 severity: has to be one of info, warning, critical, and is "bad"',
    "16 #4 id: is missing",
    "17 #4 condition.kinds: a list is needed: [one, another]",
    "18 #4 labels[1]: a label's name begins with a letter or _ and goes on with these, digits, . / and -",
    "19 #4 enabled: true or false is needed",
    "20 files id: an id has letters, digits, . _ and -, begins with a letter or digit, and is not preview, import or files",
  ]);
});

test("levels that contradict each other, a label of ours, and an id twice are faults at their lines", () => {
  const one = (id: string, more = "") =>
    `- id: ${id}\n  condition: {type: threshold, group: cpu, series: usage, op: above, trigger: 50%, clear: 40%}\n${more}`;
  expect(said(one("a").replace("40%", "60%"))[0]).toStartWith("2 a condition.clear: the level at which");
  expect(said(one("a", "  labels:\n    node: x\n"))).toEqual([
    "3 a labels: the label node is set by AtlHyper itself",
  ]);
  expect(said(one("a") + one("b") + one("a"))).toEqual(["5 a id: the rule in line 1 has this id, too"]);
});

test("what is no list of rules is told in words", () => {
  const all: [string, string][] = [
    ["rules:\n  - id: a\n", "1  : a list of rules is needed: each begins with - id: NAME"],
    ["- id: a\n  scope:\n\tlabels: {}\n", "3  : YAML is indented by spaces, and this is a tab"],
    ["- id: a\n  id: b\n", "2  : this key is there twice"],
    ["- &x {id: a}\n", "1 a : anchors and aliases are not taken: write it out"],
    ["[]\n---\n[]\n", "2  : one file has one list: take the --- out"],
    [
      "- one\n",
      "1 #1 : an object is needed, with id, tenant, name, enabled, severity, condition, for, keep, scope, labels, annotations",
    ],
  ];
  for (const [text, fault] of all) expect(said(text)[0], text).toBe(fault);
  for (const empty of ["", "# nothing\n", "[]\n", "---\n"])
    expect(read(empty)).toEqual({ rules: [], faults: [] });
});

test("whatever the text, an answer or faults come, and never an error", () => {
  const random = seeded(7);
  for (let n = 0; n < 300; n++) {
    const at = Math.floor(random() * short.length);
    const junk = ["\t", "- ", ": ", "{", "]", "&a ", "*a", "!!x ", "\n", '"', "%", "|\n", "\u0000"];
    const text =
      short.slice(0, at) +
      junk[Math.floor(random() * junk.length)] +
      short.slice(at + Math.floor(random() * 9));
    const { rules, faults } = read(text);
    expect(rules.length === 0 || faults.length === 0).toBe(true);
  }
});

test("what is written is read as the same: the rules that come along, and any other", () => {
  expect(plain(write(defaultRules))).toEqual([...defaultRules]);
  const random = seeded(3);
  const rules = Array.from({ length: 200 }, (_, at) => anyRule(random, at));
  expect(plain(write(rules))).toEqual(rules);
  expect(write([])).toBe("[]\n");
});

test("a rule is written as people would", () => {
  expect(write(plain(short))).toBe(`- id: shop-down
  name: shop-down
  severity: critical
  condition:
    type: problem
    kinds: [Deployment]
    reasons: [NoReplicasAvailable]
  for: 90m
  scope:
    namespaces: [shop]
    labels:
      version: "1.10"

- id: disk
  tenant: acme
  name: ShopDisk
  condition:
    type: threshold
    group: disk *
    series: share
    op: above
    trigger: 87.5%
    clear: 80%
  annotations:
    summary: "{{ mount }} is {{ value }} full"
`);
});

function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

function anyRule(random: () => number, at: number): WrittenRule {
  const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const texts = [
    "x",
    "yes",
    "0x1f",
    "1.10",
    "~",
    "a: b",
    "# no",
    "- x",
    " x ",
    "{{ kind }}",
    "“中文” ’",
    'q"\\u',
    "null",
    "a\nb\n",
    "> |",
    "&a *b !c",
    "%",
    "2026-11-27",
    "\ttab",
  ];
  const words = () =>
    Array.from({ length: Math.floor(random() * 3) }, () => one(texts.filter((text) => text !== "")));
  const ms = () => one([0, 1, 999, 1500, 30_000, 90_000, 3_600_000, 604_800_000]);
  const level = () => one([0, 0.1, 0.3, 0.87, 0.9, 1e-7, 95, 1 / 3, -2.5, 1e21, 123456789]);
  const trigger = level();
  return {
    id: `r${at}.x_y-z`,
    ...(random() < 0.3 ? { tenant: one(texts.filter((text) => text !== "")) } : {}),
    name: one(["x", "yes", "1.10", "a: b", "- x", "“中文” ’", "{{ x }}"]),
    enabled: random() < 0.5,
    severity: one(["info", "warning", "critical"] as const),
    condition:
      random() < 0.5
        ? {
            type: "problem",
            ...(random() < 0.5 ? { kinds: words() } : {}),
            ...(random() < 0.5 ? { reasons: words() } : {}),
          }
        : {
            type: "threshold",
            group: one(["disk *", "cpu", "memory"]),
            series: one(["share", "usage", "load5"]),
            op: "above",
            trigger,
            clear: Math.min(trigger, level()),
          },
    forMs: ms(),
    keepMs: ms(),
    scope: {
      ...(random() < 0.3 ? { clusters: words() } : {}),
      ...(random() < 0.3 ? { labels: { "a.b/c": one(texts) } } : {}),
    },
    labels: random() < 0.5 ? {} : { _t: one(texts), yes: one(texts) },
    annotations: { summary: one(texts), description: one(["", ...texts]) },
  };
}

test("every kind of condition is written with durations in words, and read as the same", () => {
  const rest = { group: "disk *", series: "share", windowMs: 14_400_000 };
  const conditions: WrittenRule["condition"][] = [
    {
      type: "rate",
      of: "pod",
      group: "usage",
      series: "memory",
      op: "rises",
      per: "hour",
      trigger: 0.5,
      clear: 0.25,
      windowMs: 5_400_000,
    },
    {
      type: "forecast",
      ...rest,
      op: "rises",
      level: 1,
      floor: 0.7,
      withinMs: 86_400_000,
      clearMs: 172_800_000,
    },
    { type: "absence", what: "object", kinds: ["Deployment"], names: ["web-*"] },
    {
      type: "events",
      severities: ["warning"],
      message: "*disk*: full",
      by: "namespace",
      count: 5,
      windowMs: 600_000,
    },
  ];
  const rules = conditions.map((condition, at) => ({ ...defaultRules[0]!, id: `c${at}`, condition }));
  const text = write(rules);
  expect(plain(text)).toEqual(rules);
  for (const line of ["window: 90m", "level: 100%", "floor: 70%", "within: 1d", "clear: 2d", "window: 10m"])
    expect(text).toContain(`    ${line}\n`);
});

test("the example of the operations guide is right", async () => {
  const guide = await Bun.file(new URL("../../../docs/operations.md", import.meta.url)).text();
  const [, example = ""] = /```yaml\n(- id: shop-down.*?)```/s.exec(guide) ?? [];
  expect(read(example).faults).toEqual([]);
  expect(read(example).rules).toHaveLength(3);
});

test.each([
  ["with names without end", `- ${Array.from({ length: 8000 }, (_, at) => `k${at}: a`).join("\n  ")}`],
  ["with a list without end", `- id: [${"a,".repeat(25_000)}]`],
  ["nested in lists", `- ${"[".repeat(25_000)}`],
  ["nested in maps", `- ${"{a: ".repeat(12_000)}`],
  ["nested in dashes", "- ".repeat(25_000)],
  ["nested in keys", `- ${"? ".repeat(15_000)}`],
  ["that is a list in braces", `[${"{id: a},".repeat(5000)}]`],
  ["of aliases", `- id: &a [x]\n  b: [${"*a,".repeat(15_000)}]`],
])("an item %s is refused without anything else waiting for it", (_, text) => {
  let longest = 0;
  // Of this process alone: others may use the machine meanwhile.
  const cpuMs = () => process.cpuUsage().user / 1000;
  let since = cpuMs();
  const steps = readRules(text);
  for (;;) {
    const { value, done } = steps.next();
    longest = Math.max(longest, cpuMs() - since);
    since = cpuMs();
    if (!done) continue;
    expect(value.rules).toEqual([]);
    expect(value.faults[0]?.message).toContain("more than one rule can be");
    break;
  }
  expect(longest).toBeLessThan(100);
});
