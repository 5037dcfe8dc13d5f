import { expect, test } from "bun:test";
import { timeMarks } from "./chart-axes.ts";
import { html } from "../html.ts";

const hour = 3_600_000;
const day = 24 * hour;
const toMs = Date.UTC(2026, 5, 17, 9, 20);
const marksOf = (spanMs: number) =>
  [...html`${timeMarks(toMs, spanMs)}`.text.matchAll(/x="([\d.]+)%".*?data-by="(\w+)">([^<]+)</g)].map(
    ([, x, by, text]) => ({ x: Number(x), by, text }),
  );

test("along any time stand marks, of days ones that differ, as wide apart as their words need", () => {
  for (const [ms, by] of [
    [hour / 4, "time"],
    [hour, "time"],
    [6 * hour, "time"],
    [day, "time"],
    [30 * hour, "time"],
    [3 * day, "day"],
    [7 * day, "day"],
    [30 * day, "day"],
    [90 * day, "day"],
    [365 * day, "month"],
    [730 * day, "month"],
  ] as const) {
    const marks = marksOf(ms);
    expect(marks.length, `${ms / hour} h`).toBeGreaterThanOrEqual(2);
    expect(marks.every((one) => one.by === by)).toBeTrue();
    if (by !== "time") expect(new Set(marks.map((one) => one.text)).size).toBe(marks.length);
    const least = by === "time" ? 100 / 7.01 : 100 / 5.01;
    for (const [at, { x }] of marks.slice(1).entries()) expect(x - marks[at]!.x).toBeGreaterThan(least);
  }
});
