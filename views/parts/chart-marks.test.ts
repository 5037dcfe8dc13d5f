import { expect, test } from "bun:test";
import type { Mark } from "../mark.ts";
import { viewer } from "../testing/viewing.ts";
import { chart } from "./chart.ts";
import { groupMarks, groupText, markLines } from "./chart-marks.ts";

const to = 1_800_000_000_000;
const hour = 3_600_000;
const v = viewer();
const mark = (agoMs: number, kind: Mark["kind"] = "restart", more: Partial<Mark> = {}): Mark => ({
  atMs: to - agoMs,
  kind,
  text: `a ${kind}`,
  href: "/",
  ...more,
});

test("marks that fall on one place are one, under the symbol of the weightiest", () => {
  const groups = groupMarks([mark(1000), mark(2000), mark(3000, "deploy"), mark(hour / 2)], to, hour);
  expect(groups.map((one) => [one.kind, one.marks.length])).toEqual([
    ["restart", 1],
    ["deploy", 3],
  ]);
  expect(groups[0]!.x).toBe(450);
});

test("few are told by their words, many by how many they are of each kind", () => {
  expect(groupText(v, { marks: [mark(0)] })).toContain("a restart · 2027-01-15 08:00 UTC");
  const many = [
    ...Array.from({ length: 4 }, () => mark(0)),
    mark(0, "deploy"),
    mark(0, "restart", { count: 9 }),
  ];
  expect(groupText(v, { marks: many })).toBe("1 deployment, 13 restarts");
});

test("an alert is a band from when it fired until it was over, or to the edge while it fires", () => {
  const lines = (one: Mark) => String((markLines([one], to, hour) as { text: string }).text);
  expect(lines(mark(hour / 2, "alert", { untilMs: to - hour / 4 }))).toContain(
    'class="band" d="M450 0H675V1000H450z"',
  );
  expect(lines(mark(2 * hour, "alert"))).toContain('d="M0 0H900V1000H0z"');
  expect(lines(mark(2 * hour, "alert"))).toContain('class="mark" d="M0 0v1000"');
});

test("what lies outside of the time is not marked, and a chart without marks is as it was", () => {
  expect(groupMarks([mark(2 * hour), mark(-1000)], to, hour)).toEqual([]);
  const times = [v.now - 10_000, v.now - 5000, v.now];
  const plain = {
    id: "c",
    title: "CPU",
    unit: "share" as const,
    times,
    series: [{ label: "a", values: [0, 1, 0] }],
  };
  expect(chart(v, { ...plain, marks: [] }).text).toBe(chart(v, plain).text);
  const marked = chart(v, { ...plain, marks: [mark(60_000, "deploy", { text: "<b>" })] }).text;
  expect(marked).toContain('class="at deploy"');
  expect(marked).toContain("&lt;b&gt;");
});
