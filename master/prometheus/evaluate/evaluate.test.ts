import { expect, test } from "bun:test";
import type { Points } from "../../history/points.ts";
import { parseQuery, parseSelector } from "../language/parse.ts";
import { evaluate } from "./evaluate.ts";
import { type Grid, labelText, sorted } from "./rows.ts";
import type { Source, Wanted } from "./source.ts";

/** Seconds and values, of which the first is told by its series' text. */
type Given = Record<string, readonly (readonly [seconds: number, value: number])[] | Points>;

function sourceOf(given: Given, asked: Wanted[] = []): Source {
  const all = Object.entries(given).map(([text, points]) => {
    const labels = Object.fromEntries(parseSelector(text).map(({ label, value }) => [label, value]));
    return { labels: sorted(labels), points: isPoints(points) ? points : pointsOf(points) };
  });
  return {
    *select(matchers, wanted, take) {
      asked.push(wanted);
      for (const { labels, points } of all) {
        yield;
        if (matchers.every((one) => one.matches(labels[one.label] ?? ""))) yield* take(labels, points) ?? [];
      }
    },
  };
}

const isPoints = (given: Given[string]): given is Points => "times" in given;
const pointsOf = (given: readonly (readonly [number, number])[]): Points => ({
  times: Float64Array.from(given, ([seconds]) => seconds * 1000),
  values: Float64Array.from(given, ([, value]) => value),
});

/** What a query comes to, by labels; at 600 s where no moments are given. */
function asked(
  query: string,
  given: Given,
  grid: Partial<Grid> = {},
): Record<string, number | (number | null)[]> {
  const whole = { startMs: 600_000, stepMs: 60_000, count: 1, ...grid };
  const work = evaluate(parseQuery(query), sourceOf(given), whole);
  let next = work.next();
  while (!next.done) next = work.next();
  const { value } = next;
  if (value.type === "string") return {};
  if (value.type === "scalar") return { scalar: value.values[0]! };
  return Object.fromEntries(
    value.rows.map(({ labels, values, has }) => [
      labelText(labels),
      whole.count === 1 ? values[0]! : Array.from(values, (one, at) => (has[at] ? one : null)),
    ]),
  );
}

const only = (query: string, given: Given) => Object.values(asked(query, given))[0];

/** One value a minute from 0 to 600 s: 0, 10, 20 … 100. */
const climbing = { a: Array.from({ length: 11 }, (_, at) => [at * 60, at * 10] as const) };
const pair: Given = {
  'a{x="1",y="p"}': [[590, 1]],
  'a{x="1",y="q"}': [[590, 2]],
  'a{x="2",y="p"}': [[590, 4]],
  'b{x="1",z="s"}': [[590, 10]],
  'b{x="2",z="t"}': [[590, 20]],
};

test("a sample counts for five minutes, with its beginning out and its end in", () => {
  const given = { a: [[100, 7]] } as const;
  const at = (ms: number) => asked("a", given, { startMs: ms });
  expect(at(99_999)).toEqual({});
  expect(at(100_000)).toEqual({ '{__name__="a"}': 7 });
  expect(at(399_999)).toEqual({ '{__name__="a"}': 7 });
  expect(at(400_000)).toEqual({});
  expect(asked("a offset 2m", given, { startMs: 500_000 })).toEqual({ '{__name__="a"}': 7 });
  expect(asked("a offset -1m", given, { startMs: 60_000 })).toEqual({ '{__name__="a"}': 7 });
});

test.each([
  // The window (0, 600] holds 60 to 600 s: 10 to 100 in 540 s, and half a step is near enough to 0 to be extended to it.
  ["rate(a[10m])", (90 / 540) * ((540 + 60) / 600)],
  ["increase(a[10m])", 90 * (600 / 540)],
  ["delta(a[10m])", 100],
  // (330, 600] holds 360 to 600: 30 s are missing at the beginning, less than 1.1 of 60.
  ["increase(a[270s])", (40 * (240 + 30)) / 240],
  ["irate(a[10m])", 10 / 60],
  ["idelta(a[10m])", 10],
  ["deriv(a[10m])", 10 / 60],
  ["predict_linear(a[10m], 60)", 110],
  ["avg_over_time(a[5m])", 80],
  ["sum_over_time(a[5m])", 400],
  ["min_over_time(a[5m])", 60],
  ["max_over_time(a[5m])", 100],
  ["count_over_time(a[5m])", 5],
  ["last_over_time(a[5m])", 100],
  ["present_over_time(a[5m])", 1],
  ["quantile_over_time(0.5, a[5m])", 80],
  ["quantile_over_time(0.9, a[5m])", 96],
  ["quantile_over_time(-1, a[5m])", Number.NEGATIVE_INFINITY],
  ["stdvar_over_time(a[5m])", 200],
  ["stddev_over_time(a[5m])", Math.sqrt(200)],
  ["changes(a[10m])", 9],
  ["resets(a[10m])", 0],
  // At 120, 240 … 600 s: 20, 40 … 100.
  ["sum_over_time(a[10m:2m])", 300],
  ["max_over_time(rate(a[2m])[4m:1m])", 10 / 60],
  ["timestamp(a)", 600],
  ["time() - a", 500],
  ["a ^ 2 % 7", 10_000 % 7],
  ["-a", -100],
  ["minute(a * 60)", 40],
  ["hour() * 100 + minute()", 10],
  ["day_of_week(vector(1709251199))", 4],
  ["day_of_month(vector(1709251199))", 29],
  ["days_in_month(vector(1709251199))", 29],
  ["day_of_year(vector(1709251199))", 60],
  ["month(vector(1709251199)) * 10000 + year(vector(1709251199))", 22_024],
  ["-2 ^ 2 + 0 * a", -4],
  ["2 ^ 3 ^ 2 + 0 * a", 512],
  ["round(a / 7, 0.5)", 14.5],
  ["clamp(a, 1, 9)", 9],
  ["sgn(-a) + sqrt(a)", 9],
  ["scalar(a) + vector(1)", 101],
  ["a > 99", 100],
  ["99 < a", 100],
  ["a > bool 100", 0],
  ["a == bool 100", 1],
])("%s is %p", (query, value) => {
  expect(only(query, climbing)).toBeCloseTo(value, 10);
});

test.each([
  "rate(a[90s])",
  "a > 100",
  "a unless a",
  "a and on (x) vector(1) > 2",
  "clamp(a, 2, 1)",
  "a offset 20m",
])("%s has no value", (query) => {
  expect(asked(query, { a: [[570, 1], ...(query.startsWith("rate") ? [] : [[580, 1] as const])] })).toEqual(
    {},
  );
});

test("a counter that begins anew goes on from what it had, and is not extended to below nothing", () => {
  const given = {
    a: [
      [420, 3],
      [480, 5],
      [540, 1],
      [600, 4],
    ],
  } as const;
  // 3 → 5, then 1 and 4 on top of 5: 6 in 180 s. To the window's beginning are 120 s, more than 1.1 of 60: half of
  // that; 3 of 6 would take 90 s back to 0.
  expect(only("increase(a[5m])", given)).toBeCloseTo((6 * (180 + 30)) / 180, 12);
  expect(only("resets(a[5m])", given)).toBe(1);
  expect(
    only("irate(a[5m])", {
      a: [
        [540, 5],
        [600, 1],
      ],
    }),
  ).toBe(1 / 60);
  // 1 of 3 takes 60 s back to 0: no further, though the beginning is as near as 61 s.
  const young = {
    a: [
      [421, 0.5],
      [481, 1],
      [541, 2],
      [599, 2.5],
    ],
  } as const;
  expect(only("increase(a[4m])", young)).toBeCloseTo((2 * (178 + 178 / 4 + 1)) / 178, 12);
});

test("steps of a range each look back from where they are", () => {
  expect(
    asked(
      "a",
      {
        a: [
          [60, 1],
          [120, 2],
          [600, 3],
        ],
      },
      { startMs: 0, count: 12 },
    ),
  ).toEqual({
    '{__name__="a"}': [null, 1, 2, 2, 2, 2, 2, null, null, null, 3, 3],
  });
  expect(
    asked(
      "count_over_time(a[2m])",
      {
        a: [
          [60, 1],
          [120, 2],
          [600, 3],
        ],
      },
      { startMs: 0, count: 5 },
    ),
  ).toEqual({
    "{}": [null, 1, 2, 1, null],
  });
});

test.each([
  ["sum(a)", { "{}": 7 }],
  ["sum by (x) (a)", { '{x="1"}': 3, '{x="2"}': 4 }],
  ["sum without (y) (a)", { '{x="1"}': 3, '{x="2"}': 4 }],
  ["avg(a) by (y)", { '{y="p"}': 2.5, '{y="q"}': 2 }],
  ["min(a)", { "{}": 1 }],
  ["max by (none) (a)", { "{}": 4 }],
  ["count(a) by (x)", { '{x="1"}': 2, '{x="2"}': 1 }],
  ["group(a) by (x)", { '{x="1"}': 1, '{x="2"}': 1 }],
  ["stdvar(a)", { "{}": 14 / 9 }],
  ["quantile(0.5, a)", { "{}": 2 }],
  ["quantile(2, a)", { "{}": Number.POSITIVE_INFINITY }],
  ["topk(2, a)", { '{__name__="a", x="2", y="p"}': 4, '{__name__="a", x="1", y="q"}': 2 }],
  ["bottomk(1, a) by (y)", { '{__name__="a", x="1", y="p"}': 1, '{__name__="a", x="1", y="q"}': 2 }],
  ["topk(0, a)", {}],
  ["a / on (x) group_left b", { '{x="1", y="p"}': 0.1, '{x="1", y="q"}': 0.2, '{x="2", y="p"}': 0.2 }],
  [
    "b * on (x) group_right (z) a",
    { '{x="1", y="p", z="s"}': 10, '{x="1", y="q", z="s"}': 20, '{x="2", y="p", z="t"}': 80 },
  ],
  ['a{y="p"} + on (x) b', { '{x="1"}': 11, '{x="2"}': 24 }],
  ['a{y="p"} - ignoring (y, z) b', { '{x="1"}': -9, '{x="2"}': -16 }],
  ['b > on (x) a{y="p"}', { '{x="1"}': 10, '{x="2"}': 20 }],
  [
    'a{y="q"} or b',
    {
      '{__name__="a", x="1", y="q"}': 2,
      '{__name__="b", x="1", z="s"}': 10,
      '{__name__="b", x="2", z="t"}': 20,
    },
  ],
  ['a and on (x) b{z="t"}', { '{__name__="a", x="2", y="p"}': 4 }],
  ['a unless on (x) b{z="t"}', { '{__name__="a", x="1", y="p"}': 1, '{__name__="a", x="1", y="q"}': 2 }],
  ['absent(a{x="3",y=~".+",z!="1"})', { '{x="3"}': 1 }],
  ["absent(a)", {}],
  ['absent_over_time(a{x="3"}[5m])', { '{x="3"}': 1 }],
  [
    `label_replace(b, "w", "$1$$$\{2}", "z", "(s)(x?)")`,
    { '{__name__="b", w="s$", x="1", z="s"}': 10, '{__name__="b", x="2", z="t"}': 20 },
  ],
  ['label_replace(b, "z", "", "z", ".*")', { '{__name__="b", x="1"}': 10, '{__name__="b", x="2"}': 20 }],
  [
    'label_join(b, "w", "-", "x", "z", "none")',
    { '{__name__="b", w="1-s-", x="1", z="s"}': 10, '{__name__="b", w="2-t-", x="2", z="t"}': 20 },
  ],
])("%s is %p", (query, values) => {
  const found = asked(query, pair);
  expect(Object.keys(found).sort()).toEqual(Object.keys(values).sort());
  for (const [key, value] of Object.entries(values)) expect(found[key]).toBeCloseTo(value, 12);
});

test("a scalar of several is no number", () => {
  expect(asked("scalar(a)", pair)).toEqual({ scalar: Number.NaN });
  expect(asked('scalar(a{x="2"})', pair)).toEqual({ scalar: 4 });
});

test.each([
  ["a + on (x) b", "many-to-one matching must be explicit"],
  ["b + on (x) a", "many-to-many matching not allowed"],
  ['a * on (x) group_left (y) b{x="1"}', "grouping labels must ensure unique matches"],
  ['label_replace(a, "y", "same", "y", ".*")', "same labelset"],
  [
    `${"label_join(".repeat(14)}a${', "x", "", "x", "x")'.repeat(14)}`,
    "the value of label x would have more than 1024 characters",
  ],
  ['rate({__name__=~"a|b",x="2"}[5m]) or label_replace(a, "bad-name", "", "", "")', "invalid label name"],
])("%s is refused: %s", (query, text) => {
  expect(() => asked(query, pair)).toThrow(text);
});

test("where there is nothing on the one side, it does not matter what there is on the other", () => {
  expect(asked('a{x="3"} + on (x) group_left a', pair)).toEqual({});
});

test("a forecast is from now on, however far back its samples are", () => {
  expect(only("predict_linear(a[5m] offset 5m, 60)", climbing)).toBeCloseTo(110, 9);
});

test("two that match at different moments are no fault", () => {
  const given = {
    'a{x="1"}': [[60, 1]],
    'a{x="2"}': [[600, 2]],
    b: [
      [60, 10],
      [600, 20],
    ],
  } as const;
  expect(
    asked("sum without (x) (a) + a - ignoring (x) a", given, { startMs: 60_000, stepMs: 540_000, count: 2 }),
  ).toEqual({});
  expect(asked("b + ignoring (x) a", given, { startMs: 60_000, stepMs: 540_000, count: 2 })).toEqual({
    "{}": [11, 22],
  });
});

test("what is no number is a value, and the least of all where values are ordered", () => {
  const given = { 'a{x="1"}': [[600, Number.NaN]], 'a{x="2"}': [[600, 1]] } as const;
  expect(asked("a", given)).toEqual({ '{__name__="a", x="1"}': Number.NaN, '{__name__="a", x="2"}': 1 });
  expect(asked("max(a)", given)).toEqual({ "{}": 1 });
  expect(asked("topk(1, a)", given)).toEqual({ '{__name__="a", x="2"}': 1 });
  expect(asked("quantile(0, a)", given)).toEqual({ "{}": Number.NaN });
  expect(asked("1 ^ (0 / 0) + 0 * vector(1)", {})).toEqual({ "{}": 1 });
});

test("values that stand for a while count for as long, and as many samples as they are of", () => {
  const hours: Points = {
    times: Float64Array.of(3600, 7200, 10_800).map((one) => one * 1000),
    values: Float64Array.of(1, 2, 6),
    counts: Float64Array.of(720, 720, 360),
    spans: Float64Array.of(3600, 3600, 3600).map((one) => one * 1000),
  };
  const at = (query: string, seconds: number) => asked(query, { a: hours }, { startMs: seconds * 1000 });
  expect(at("a", 10_799)).toEqual({ '{__name__="a"}': 2 });
  expect(at("a", 14_399)).toEqual({ '{__name__="a"}': 6 });
  expect(at("a", 14_400)).toEqual({});
  expect(at("avg_over_time(a[2h])", 10_800)).toEqual({ "{}": (2 * 720 + 6 * 360) / 1080 });
  expect(at("sum_over_time(a[1h])", 10_800)).toEqual({ "{}": 2160 });
  expect(at("count_over_time(a[3h])", 10_800)).toEqual({ "{}": 1800 });
  // A window that none would be in holds as many as it takes.
  expect(at("avg_over_time(a[5m])", 9000)).toEqual({ "{}": 2 });
  expect(at("delta(a[5m])", 10_800)).toEqual({ "{}": (4 * 7200) / 3600 / 24 });
});

test.each([
  // [query, start, step, count, the tier that is read, the figure]
  ["a", 0, 60, 5, 1, "last"],
  ["a", 0, 3600, 5, 3, "last"],
  ["a", 30, 3600, 5, 0, "last"],
  ["a offset 30s", 30, 60, 5, 1, "last"],
  ["a", 3600, 1, 1, 0, "last"],
  ["max_over_time(a[10m])", 0, 600, 5, 2, "max"],
  ["max_over_time(a[90s])", 0, 600, 5, 0, "max"],
  ["avg_over_time(a[1d])", 17, 17, 5, 1, "avg"],
  ["min_over_time(a[1h])", 3600, 1, 1, 3, "min"],
  ["rate(a[10m])", 0, 600, 5, 0, "last"],
] as const)(
  "%s from %d s by %d s reads what is kept by the tier",
  (query, start, step, count, tier, figure) => {
    const wanted: Wanted[] = [];
    const grid = { startMs: start * 1000, stepMs: step * 1000, count };
    for (const _ of evaluate(parseQuery(query), sourceOf({}, wanted), grid));
    expect(wanted).toMatchObject([{ tier, figure }]);
  },
);

test("what would take too much is refused, and nothing takes long between two pauses", () => {
  const many = Object.fromEntries(
    Array.from({ length: 600 }, (_, at) => [`a{x="${at}"}`, [[600, at]] as const]),
  );
  expect(() => asked("a", many, { count: 11_000, stepMs: 1 })).toThrow("more than 4000000 values");
  const samples = { times: Float64Array.from({ length: 40_000 }, (_, at) => at * 1000) };
  const given = { a: { ...samples, values: samples.times.slice() } };
  const work = evaluate(parseQuery("quantile_over_time(0.5, a[2h])"), sourceOf(given), {
    startMs: 0,
    stepMs: 60_000,
    count: 100,
  });
  let pauses = 0;
  for (const _ of work) pauses++;
  expect(pauses).toBeGreaterThan(5);
});
