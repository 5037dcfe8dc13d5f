import { expect, test } from "bun:test";
import { openDatabase } from "../database/database.ts";
import { createMetricsHistory } from "./history.ts";
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
  // One that is looked at again after a while is read again.
  windows.settle();
  expect(windows.get("c1", line(0.5, "disk /other"), hour, start + 2 * hour)).toBeUndefined();
  windows.settle();
  expect(windows.get("c1", line(0.5, "disk /other"), hour, start + 2 * hour)).toBeDefined();
  expect(asked).toHaveLength(4);
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

test("what the history has of nodes, pods, workloads and clusters is what windows begin with", () => {
  const db = openDatabase(":memory:");
  let now = start;
  const day = 24 * hour;
  const history = createMetricsHistory(db, {
    keptMs: [2 * day, 14 * day, 90 * day, 730 * day],
    maxBytes: 2 ** 40,
    findPod: (_cluster, _node, uid) => ({ namespace: "shop", name: uid, kind: "Deployment", owner: "web" }),
    now: () => now,
  });
  const gib = 2 ** 30;
  for (let at = 0; at <= 360; at++) {
    now = start + at * minute;
    history.take("c1", [
      {
        nodeName: "n1",
        timestamp: new Date(now).toISOString(),
        disk: [{ device: "sda", mountPoint: "/", total: 1000 * gib, used: (400 + at) * gib }],
        containers: ["web-1", "web-2"].map((podUID) => ({
          podUID,
          cpuCores: 0.5 + at / 1000,
          memoryWorkingSet: gib + at * 2 ** 20,
        })),
      } as never,
    ]);
    history.takeCluster("c1", [{ group: "memory", name: "used", unit: "bytes", value: at * gib }]);
    if (at === 200) history.settle();
  }
  const windows = new HistoryWindows({ over: history.over, failed: () => undefined, now: () => now });
  const perHour = (asked: Line) => {
    windows.get("c1", asked, 6 * hour, now);
    windows.settle();
    const { times, values } = windows.get("c1", asked, 6 * hour, now)!;
    const trend = trendOf(times, values)!;
    expect(trend.spanMs).toBeGreaterThan(5.5 * hour);
    return trend.perMs * hour;
  };
  expect(perHour(line(0.76))).toBeCloseTo(0.06, 3);
  expect(perHour(line(760 * gib, "disk /", "used")) / gib).toBeCloseTo(60, 0);
  const pod = { kind: "Pod", namespace: "shop", name: "web-1", node: "n1" };
  expect(perHour(line(0.86, "usage", "cpu", pod))).toBeCloseTo(0.06, 2);
  // The limit is 2 GiB.
  expect(perHour(line((gib + 360 * 2 ** 20) / 2 / gib, "usage", "memory of limit", pod))).toBeCloseTo(
    60 / 2048,
    2,
  );
  const workload = { kind: "Deployment", namespace: "shop", name: "web", node: "" };
  expect(perHour(line(1.72, "usage", "cpu", workload))).toBeCloseTo(0.12, 2);
  const cluster = { kind: "Cluster", namespace: "", name: "", node: "" };
  expect(perHour(line(360 * gib, "memory", "used", cluster)) / gib).toBeCloseTo(60, 0);
  windows.stop();
  history.close();
  db.close();
});
