import { expect, test } from "bun:test";
import { viewer } from "../testing/viewing.ts";
import { type Chart, chart } from "./chart.ts";

const v = viewer();
const times = Array.from({ length: 180 }, (_, at) => v.now - (179 - at) * 5000);
const base: Chart = {
  id: "c",
  title: "CPU",
  unit: "share",
  times,
  series: [{ label: "user", values: times.map(() => 0.25) }],
  full: 1,
};

test("a chart says its newest values in its table and to who cannot see it", () => {
  const { text } = chart(v, base);
  expect(text).toContain('<td data-s="0">25%</td>');
  expect(text).toContain('aria-valuetext="now: user 25%"');
  expect(text).toContain('role="slider"');
});

test("an earlier time is drawn beside each line that it has, or as the sum of a stack, on the same axis", () => {
  const earlier = (label: string, value: number) => ({ label, values: times.map(() => value) });
  const before = { label: "before", times, series: [earlier("user", 0.5), earlier("other", 0.25)] };
  const plain = chart(v, { ...base, before }).text;
  expect(plain.match(/class="s1 before" d="M5 500l/g)).toHaveLength(1);
  expect(plain).not.toContain('class="s2 before"');
  expect(chart(v, { ...base, stacked: true, before }).text).toMatch(/class="whole before" d="M5 250l/);
  const high = { ...before, series: [earlier("user", 3)] };
  expect(chart(v, { ...base, before: high }).text).toContain('data-max="3');
});

test("a chart of no values says so", () => {
  const { text } = chart(v, { ...base, series: [{ label: "user", values: times.map(() => Number.NaN) }] });
  expect(text).toContain(v.t.detail.noSamples);
  expect(text).toContain('<td data-s="0">–</td>');
  expect(text).not.toContain("NaN");
});

test("a chart without any times is drawn", () => {
  expect(chart(v, { ...base, times: [], series: [{ label: "user", values: [] }] }).text).not.toContain("NaN");
});

test("the same samples give the same chart a moment later", () => {
  const later = viewer("/", { now: v.now + 4000 });
  expect(chart(later, base).text).toBe(chart(v, base).text);
});

test("samples that have stopped are not drawn as if they were of now", () => {
  const later = viewer("/", { now: v.now + 300_000 });
  const { text } = chart(later, base);
  expect(text).toContain('<td data-s="0">–</td>');
  expect(Number(/data-to="(\d+)"/.exec(text)![1])).toBeGreaterThan(v.now + 200_000);
});

test("a limit near the values is drawn, one far above is only named", () => {
  const limits = [{ label: "limit", value: 0.5 }];
  expect(chart(v, { ...base, full: 0, limits }).text).toContain('class="limit" d="M0 ');
  const far = chart(v, { ...base, full: 0, limits: [{ label: "limit", value: 50 }] }).text;
  expect(far).not.toMatch(/class="limit" d="M0 \d+h900"/);
  expect(far).toContain("5000%");
});

test("layers that sum to a hair more than the whole do not stretch the axis", () => {
  const layers = [0.6, 0.4004].map((share, at) => ({ label: String(at), values: times.map(() => share) }));
  expect(chart(v, { ...base, stacked: true, series: layers }).text).toContain('data-max="1"');
});

test("the lowest layer of a stack is drawn last, over the sums above it", () => {
  const layers = ["a", "b"].map((label) => ({ label, values: times.map(() => 0.2) }));
  const order = [
    ...chart(v, { ...base, stacked: true, series: layers }).text.matchAll(/<path class="s\d" data-s="(\d)"/g),
  ];
  expect(order.map((match) => match[1])).toEqual(["1", "0"]);
});

test("names are escaped wherever they stand", () => {
  const bad = '"><script>alert(1)</script>';
  const { text } = chart(v, { ...base, title: bad, series: [{ label: bad, values: times.map(() => 1) }] });
  expect(text).not.toContain("<script");
});

test("marks of time stand at whole five minutes", () => {
  const marks = [...chart(v, base).text.matchAll(/data-t="(\d+)"/g)].map((match) => Number(match[1]));
  expect(marks.length).toBeGreaterThanOrEqual(3);
  expect(marks.every((ms) => ms % 300_000 === 0)).toBe(true);
});

test("a chart of what is kept can be opened large, by its address, with all that a script needs to draw it", () => {
  const of = { cluster: "c1", kind: "Node", name: "n1" };
  const kept = { ...base, id: "chart-cpu", of, series: [{ ...base.series[0]!, key: "cpu:user" }] };
  const small = chart(viewer("/nodes/c1/n1?range=7d"), kept).text;
  expect(small).toContain('href="/nodes/c1/n1?range=7d&amp;chart=cpu"');
  expect(small).not.toContain("data-of");
  const large = chart(viewer("/nodes/c1/n1?range=7d&chart=cpu&compare=1w"), kept).text;
  expect(large).toContain('data-of="cluster=c1&amp;kind=Node&amp;name=n1"');
  expect(large).toContain('data-full="1" data-back="604800000"');
  expect(large).toContain('<tr data-key="cpu:user">');
  expect(large).toContain('href="/nodes/c1/n1?range=7d&amp;compare=1w"');
  expect(small).not.toContain("format=csv");
  const file = new URL(/href="(\/api[^"]*)"/.exec(large)![1]!.replaceAll("&amp;", "&"), "http://a")
    .searchParams;
  expect(Object.fromEntries(file)).toMatchObject({ cluster: "c1", kind: "Node", name: "n1", format: "csv" });
  expect(file.getAll("series").length).toBe(kept.series.filter((one) => one.key).length);
  expect(Date.parse(file.get("to")!) - Date.parse(file.get("from")!)).toBe(15 * 60_000);
  expect(file.has("aggregation")).toBeFalse();
  expect(chart(viewer("/?chart=cpu"), { ...base, id: "chart-cpu" }).text).not.toContain("large");
});
