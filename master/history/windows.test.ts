import { expect, test } from "bun:test";
import type { Line } from "../datasource/values/measured.ts";
import { trendOf } from "./forecast.ts";
import type { Over, SubjectRef } from "./reader.ts";
import { HistoryWindows } from "./windows.ts";

const start = 1_700_000_000_000;
const minute = 60_000;
const hour = 60 * minute;
const node = { kind: "Node", namespace: "", name: "n1", node: "n1" };
const line = (value: number, group = "disk /", series = "share", subject = node): Line => ({
  subject,
  group,
  series,
  value,
});

/** A history in which a disk of 100 has had a byte more every minute, of which 40 are used at the start. */
function kept() {
  const asked: { ref: SubjectRef; stepMs: number }[] = [];
  const over = (
    ref: SubjectRef,
    { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number },
    wanted: (one: never) => boolean = () => true,
  ): Over => {
    asked.push({ ref, stepMs });
    const from = Math.floor(fromMs / stepMs) * stepMs;
    const times = Float64Array.from({ length: (toMs - from) / stepMs }, (_, at) => from + at * stepMs);
    const series = (name: string, value: (time: number) => number) => {
      const values = times.map((time) => value(time + stepMs / 2));
      return {
        group: "disk /",
        name,
        unit: "bytes",
        values: { avg: values, min: values, max: values, last: values },
      };
    };
    const all = [series("used", (time) => 40 + (time - start) / minute), series("total", () => 100)];
    return { times, stepMs, series: all.filter((one) => wanted(one as never)) as never };
  };
  return { over, asked };
}

test("a window is read once from the past, and from then on goes along with what is", () => {
  const { over, asked } = kept();
  let now = start + 6 * hour;
  const windows = new HistoryWindows({ over, failed: () => undefined, now: () => now });
  // What the disk itself says is more than used by total: it keeps blocks back.
  const share = () => ((40 + (now - start) / minute) / 100) * 1.05;
  expect(windows.get("c1", line(share()), 6 * hour, now)).toBeUndefined();
  windows.settle();
  expect(asked).toEqual([
    { ref: { cluster: "c1", kind: "Node", namespace: "", name: "n1" }, stepMs: 5 * minute },
  ]);
  for (let at = 0; at < 60; at++) {
    now += minute;
    windows.get("c1", line(share()), 6 * hour, now);
  }
  const { times, values } = windows.get("c1", line(share()), 6 * hour, now)!;
  expect(asked).toHaveLength(1);
  expect(now - times.at(-1)!).toBeLessThan(5 * minute);
  expect(times.length).toBe(72);
  const trend = trendOf(times, values)!;
  expect(trend.perMs * minute).toBeCloseTo(0.0105, 4);
  // There is no seam between what was read and what came since.
  expect(trend.fit).toBeGreaterThan(0.999);
  windows.stop();
});

test("lines of a subject are read together, and what nobody asks for is let go of", () => {
  const { over, asked } = kept();
  const windows = new HistoryWindows({ over, failed: () => undefined, now: () => start });
  windows.get("c1", line(0.5), hour, start);
  windows.get("c1", line(50, "disk /", "used"), hour, start);
  windows.get("c1", line(0.5), 2 * hour, start);
  windows.settle();
  expect(asked).toHaveLength(2);
  expect(windows.size).toBe(3);
  windows.get("c1", line(0.5, "disk /other"), hour, start + hour);
  expect(windows.size).toBe(1);
  windows.stop();
});

test("a past that cannot be read is an empty one, and is told of", () => {
  const failed: string[] = [];
  const windows = new HistoryWindows({
    over: () => {
      throw new Error("broken");
    },
    failed: (what) => failed.push(what),
    now: () => start,
  });
  windows.get("c1", line(0.5), hour, start);
  windows.settle();
  const { values } = windows.get("c1", line(0.6), hour, start)!;
  expect(failed).toEqual(["looking back"]);
  expect(values.filter((one) => !Number.isNaN(one)).length).toBe(1);
  expect(values.at(-1)).toBeCloseTo(0.55, 6);
  windows.stop();
});

test("gaps stay gaps", () => {
  const windows = new HistoryWindows({ over: () => undefined, failed: () => undefined, now: () => start });
  windows.get("c1", line(1), hour, start);
  windows.settle();
  windows.get("c1", line(2), hour, start + 10 * minute);
  const { values } = windows.get("c1", line(Number.NaN), hour, start + 20 * minute)!;
  expect([...values].filter((one) => !Number.isNaN(one))).toEqual([1, 2]);
  windows.stop();
});
