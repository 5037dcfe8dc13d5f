import { expect, test } from "bun:test";
import { QueryFault } from "../fault.ts";
import { durationOf, numberOf, stringOf } from "./literals.ts";
import { parseQuery, parseSelector } from "./parse.ts";
import { Given } from "../parameters.ts";

test.each([
  ["", "no expression found in input"],
  ["# nothing", "no expression found in input"],
  ["sum(", "1:5: parse error: unexpected end of input"],
  ["a b", '1:3: parse error: unexpected "b"'],
  ["a +\n  * b", '2:3: parse error: unexpected "* b"'],
  ["foo(a)", "there is no function foo"],
  ["sin(a)", "the function sin is not supported: abs,"],
  ["histogram_quantile(0.9, a)", "the function histogram_quantile is not supported"],
  ['count_values("x", a)', "the aggregation count_values is not supported"],
  ["a @ 100", "the modifier @ is not supported"],
  ["a atan2 b", "the operator atan2 is not supported"],
  ["rate(a)", "expected type range vector in call to function rate, got instant vector"],
  ["abs(a[5m])", "expected type instant vector in call to function abs, got range vector"],
  ["abs()", "expected 1 argument(s) in call to abs, got 0"],
  ["round(a, 1, 2)", "expected 1 to 2 argument(s) in call to round, got 3"],
  ["topk(a)", "topk takes a number and a vector"],
  ["sum(1)", "expected type instant vector in aggregation sum, got scalar"],
  ["1 > 2", "comparisons between scalars must use bool modifier"],
  ["a + bool b", "bool is only for comparisons"],
  ["1 and a", "set operator and not allowed in binary scalar expression"],
  ["a and on (x) group_left b", "no grouping allowed for and operation"],
  ["a + on (x) 1", "vector matching only allowed between instant vectors"],
  ["a * on (x) group_left (x) b", "label x must not occur in on and in group_left at once"],
  ['a + "b"', "only scalar and instant vector types, not a string"],
  ["a[5m] + 1", "only scalar and instant vector types, not a range vector"],
  ["-a[5m]", "a sign stands before a scalar or an instant vector"],
  ["{}", "at least one non-empty matcher"],
  ['{a=~".*"}', "at least one non-empty matcher"],
  ['a{b=~"("}', 'invalid regular expression "(": missing )'],
  ['a{b=~"(?=x)"}', "no look-around"],
  ["sum(a)[5m]", "a subquery is [5m:1m]"],
  ["a[0s]", "a duration must be greater than 0"],
  ["(a + b) offset 5m", "offset is for selectors, ranges and subqueries"],
  ["a offset 1m offset 2m", "offset may not be set several times"],
  ['a{b="\\q"}', "is no escape"],
  [`${"(".repeat(300)}a${")".repeat(300)}`, "nested 200 deep at most"],
  [`a${" ".repeat(70_000)}`, "32768 characters at most"],
])("%s is refused", (query, text) => {
  expect(() => parseQuery(query)).toThrow(text);
  expect(() => parseQuery(query)).toThrow(QueryFault);
});

test("what Grafana writes is read", () => {
  for (const query of [
    "1+1",
    'sum by (namespace, pod) (rate(a{cluster=~"home|work",namespace!~"kube-.+"}[1m0s]))',
    'topk(5, avg_over_time(a{node="n1"}[5m] offset 1d)) # the five',
    'a{x="1",} / on(x) group_left(y, z) b > bool .5e-3',
    'label_replace(a, `b`, \'$1\', "c", "(.*)")',
    '{"a", "b"="c"}',
    "max_over_time((a + b)[1h:30s] offset 5m)",
  ])
    expect(parseQuery(query)).toBeDefined();
  expect(parseSelector('a{b!="c"}').map(({ label, op, value }) => label + op + value)).toEqual([
    "__name__=a",
    "b!=c",
  ]);
  for (const one of ["a[5m]", "a offset 1m", "a + b"])
    expect(() => parseSelector(one)).toThrow("no series selector");
});

test("signs bind less than powers, and powers to the right", () => {
  expect(parseQuery("-1 ^ 2")).toMatchObject({ type: "negative", expr: { op: "^", left: { value: 1 } } });
  expect(parseQuery("2 ^ 3 ^ 2")).toMatchObject({ right: { op: "^" } });
  expect(parseQuery("1 - 2 * 3")).toMatchObject({ op: "-", right: { op: "*" } });
  expect(parseQuery("a or b and c")).toMatchObject({ op: "or", right: { op: "and" } });
  expect(parseQuery("2 ^ -3 ^ 2 * a")).toMatchObject({
    op: "*",
    left: { op: "^", right: { type: "negative", expr: { op: "^", left: { value: 3 } } } },
  });
});

test("what stands behind an operand belongs to that one alone", () => {
  const later = { type: "selector", offsetMs: 86_400_000 };
  expect(parseQuery("a / a offset 1d")).toMatchObject({ op: "/", left: { offsetMs: 0 }, right: later });
  expect(parseQuery("a + -b offset 1d * c")).toMatchObject({
    op: "+",
    right: { op: "*", left: { type: "negative", expr: later }, right: { offsetMs: 0 } },
  });
  expect(parseQuery("(a + b)[1h:1m] offset 1d")).toMatchObject({
    of: { expr: { op: "+" }, offsetMs: 86_400_000 },
  });
  expect(parseQuery("max_over_time(a[5m] offset 1d) - b offset 1d")).toMatchObject({ op: "-", right: later });
});

test("numbers, durations and texts are read as Prometheus reads them", () => {
  expect(["1h30m", "1d", "500ms", "1w2d", "90s"].map(durationOf)).toEqual([
    5_400_000, 86_400_000, 500, 777_600_000, 90_000,
  ]);
  expect(["", "5", "1m1h", "5 m"].map(durationOf)).toEqual([undefined, undefined, undefined, undefined]);
  expect(["0x1F", "1e3", ".5", "-1_000", "Inf", "-inf", "5m", "NaN"].map(numberOf)).toEqual([
    31,
    1000,
    0.5,
    -1000,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    300,
    Number.NaN,
  ]);
  expect([`"a\\n\\"\\x41\\u00e9\\101"`, `'it\\'s'`, "`a\\n`"].map(stringOf)).toEqual([
    'a\n"AéA',
    "it's",
    "a\\n",
  ]);
});

test("what would take long for each series is refused", () => {
  const many = (text: string, count = 101) => Array.from({ length: count }, () => text).join(",");
  expect(() => parseSelector(`{${many('a=~"b.*"')}}`)).toThrow("100 matchers at most");
  expect(() => parseQuery(`sum by (${many("a")}) (x)`)).toThrow("100 at most");
  expect(() => parseQuery(`label_join(x,${many('"a"')})`)).toThrow("100 arguments at most");
  expect(() => parseQuery(`{${many('a=~"(b.*){900}"', 20)}}`)).toThrow("too long together");
});

test("selectors of one request share what one query may be", () => {
  const long = `{a="${"x".repeat(20_000)}"}`;
  expect(parseSelector(long)).toHaveLength(1);
  const given = new Given(new URLSearchParams([long, long].map((one): [string, string] => ["match[]", one])));
  expect(() => given.selectors()).toThrow("32768 characters at most");
});
