import { expect, test } from "bun:test";
import { type Database, openDatabase } from "../database/database.ts";
import { createMetricsHistory, type MetricsHistory } from "./history.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const begin = Date.UTC(2026, 0, 5);

/** A history of a node with a value each 20 s, its number in thousandths. */
class Lab {
  readonly db: Database = openDatabase(":memory:");
  readonly faults: unknown[] = [];
  now = begin;
  history: MetricsHistory;
  at = 0;

  constructor(rawMs: number, minutesMs = 14 * day, maxBytes = 2 ** 40) {
    this.history = this.open(rawMs, minutesMs, maxBytes);
  }

  open(rawMs: number, minutesMs = 14 * day, maxBytes = 2 ** 40): MetricsHistory {
    this.history = createMetricsHistory(this.db, {
      ...{ keptMs: [rawMs, minutesMs, 90 * day, 730 * day], maxBytes, findPod: () => undefined },
      now: () => this.now,
      failed: (_what, error) => this.faults.push(error),
    });
    return this.history;
  }

  take(until: number, settled = true): void {
    for (; begin + this.at * 20_000 < until; this.at++) {
      this.now = begin + this.at * 20_000;
      this.late(this.now, this.at / 1000);
      if (settled && this.at % 180 === 0) this.history.settle();
    }
    this.history.flush();
  }

  late(ms: number, usage: number): void {
    const snapshot = { nodeName: "n1", timestamp: new Date(ms).toISOString(), cpu: { usage, cores: 1 } };
    this.history.take("c", [snapshot as never]);
  }

  over(from: number, to: number, stepMs: number) {
    const range = { fromMs: from, toMs: to - 1, stepMs };
    const found = this.history.over(
      { cluster: "c", kind: "Node", name: "n1" },
      range,
      (one) => one.name === "usage",
    )!;
    expect(found.stepMs).toBe(stepMs);
    return found.series[0]!.values;
  }

  /** That each minute of a time is there and right. */
  check(from: number, to: number): void {
    const { min, max, avg, last } = this.over(from, to, minute);
    const first = (from - begin) / 20_000;
    const due = Array.from({ length: (to - from) / minute }, (_, at) => first + at * 3);
    const whole = (values: Float64Array) => [...values].map((one) => Math.round(one * 1000));
    expect(whole(min)).toEqual(due);
    expect(whole(avg)).toEqual(due.map((one) => one + 1));
    expect(whole(max)).toEqual(due.map((one) => one + 2));
    expect(whole(last)).toEqual(due.map((one) => one + 2));
  }

  get tiers() {
    return this.history.sizes().tiers;
  }
}

test("minutes are stored when what came goes, and answered from that until then", () => {
  const lab = new Lab(day);
  lab.take(begin + day);
  lab.history.settle();
  expect(lab.tiers.map(({ blocks }) => blocks > 0)).toEqual([true, false, true, false]);
  lab.check(begin, begin + day);
  // Once more, now from memory.
  lab.history.settle();
  lab.check(begin, begin + day);
  lab.take(begin + 2 * day);
  lab.history.settle();
  expect(lab.tiers[0]!.oldest! * 1000).toBeGreaterThan(begin + day - 3 * hour);
  expect(lab.tiers[1]!.oldest! * 1000).toBe(begin);
  lab.check(begin, begin + 2 * day);
  expect(lab.faults).toEqual([]);
});

test("nothing that came goes before its minutes are written, also where these cannot be", () => {
  const lab = new Lab(day);
  lab.take(begin + day);
  lab.db.metrics.run(
    "CREATE TRIGGER full BEFORE INSERT ON blocks1 BEGIN SELECT RAISE(ABORT, 'no space'); END",
  );
  lab.take(begin + 1.5 * day, false);
  expect(() => lab.history.settle()).toThrow("no space");
  expect(lab.tiers[0]!.oldest! * 1000).toBe(begin);
  lab.check(begin, begin + 1.5 * day);
  lab.db.metrics.run("DROP TRIGGER full");
  lab.history.settle();
  expect(lab.tiers[0]!.oldest! * 1000).toBeGreaterThan(begin);
  lab.check(begin, begin + 1.5 * day);
});

test("a kill before a step of a day's block is noted counts nothing twice, and it is made again", () => {
  const lab = new Lab(2 * day);
  lab.take(begin + 6 * hour, false);
  lab.db.metrics.run(
    `CREATE TRIGGER killed BEFORE UPDATE OF rolled ON tiers WHEN new.tier = 2 AND new.rolled >= ${begin / 1000 + 4 * 3600}
     BEGIN SELECT RAISE(ABORT, 'killed'); END`,
  );
  expect(() => lab.history.settle()).toThrow("killed");
  const [whole] = lab.over(begin, begin + 6 * hour, 6 * hour).avg;
  const due = (lab.at - 1) / 2000;
  expect(whole).toBeCloseTo(due, 2);
  lab.db.metrics.run("DROP TRIGGER killed");
  lab.open(2 * day);
  lab.now += hour;
  lab.history.settle();
  expect(lab.over(begin, begin + 6 * hour, 6 * hour).avg[0]).toBeCloseTo(due, 2);
});

test("what was kept for an hour goes on with a longer time, and by days as an earlier version made it", () => {
  const lab = new Lab(hour);
  lab.take(begin + 1.5 * day);
  expect(lab.tiers[0]!.oldest! * 1000).toBeGreaterThan(begin + day);
  lab.check(begin, begin + 1.5 * day);
  const midnight = (begin + day) / 1000;
  lab.db.metrics.run("UPDATE tiers SET rolled = ? WHERE tier = 2", [midnight]);
  lab.db.metrics.run("DELETE FROM blocks2 WHERE key >= (? / 600) * 16777216", [midnight]);
  lab.open(2 * day);
  lab.check(begin, begin + 1.5 * day);
  lab.take(begin + 2.5 * day);
  lab.now += hour;
  lab.history.settle();
  lab.check(begin, begin + 2.5 * day);
  const hours = lab.over(begin, begin + 2.5 * day, hour).avg;
  expect(hours.every((one, at) => Math.abs(one - (at * 180 + 89.5) / 1000) < 0.0016)).toBe(true);
  expect(lab.faults).toEqual([]);
});

test("minutes that are kept no longer than what came are not stored, and nothing of them stays", () => {
  const lab = new Lab(day, hour);
  lab.take(begin + 2 * day);
  lab.history.settle();
  expect(lab.tiers[1]!.blocks).toBe(0);
  expect(lab.tiers[0]!.oldest! * 1000).toBeGreaterThan(begin + day - 3 * hour);
  lab.check(begin + day, begin + 2 * day);
  const { pieces } = lab.db.metrics
    .query<{ pieces: number }, []>("SELECT count(*) AS pieces FROM amounts1")
    .get()!;
  expect(pieces).toBeLessThanOrEqual(2);
});

test("at the size cap what goes is in minutes before", () => {
  const lab = new Lab(14 * day, 14 * day, 130 * 1024);
  lab.take(begin + 4 * day);
  lab.history.settle();
  expect(lab.history.sizes().bytes).toBeLessThanOrEqual(130 * 1024);
  const [raw, minutes] = lab.tiers;
  expect(minutes!.oldest!).toBeLessThan(raw!.oldest!);
  lab.check(minutes!.oldest! * 1000, begin + 4 * day);
});

test("what comes late is in minutes that were held or stored before", () => {
  for (const raw of [day, hour]) {
    const lab = new Lab(raw);
    lab.take(begin + 8.5 * hour);
    const from = begin + 7 * hour + 50 * minute;
    lab.check(begin, begin + 8 * hour);
    lab.history.settle();
    lab.late(lab.now + 5000, 0);
    lab.late(from + 1000, 60);
    lab.now += hour;
    lab.history.settle();
    for (const stepMs of [minute, 10 * minute]) {
      const { max, last } = lab.over(from, from + 10 * minute, stepMs);
      expect(max[0]).toBe(60);
      expect(last.at(-1)).toBe(((from - begin) / 20_000 + 29) / 1000);
    }
    lab.check(begin, from);
  }
});
