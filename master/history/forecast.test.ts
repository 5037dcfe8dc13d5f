import { describe, expect, test } from "bun:test";
import { isSteady, msUntil, trendOf } from "./forecast.ts";

const hour = 3_600_000;
const minute = 60_000;
const start = 1_700_000_000_000;

/** Six hours of a value a minute. */
function over(value: (at: number) => number, hours = 6) {
  const times = Float64Array.from({ length: hours * 60 + 1 }, (_, at) => start + at * minute);
  return trendOf(
    times,
    times.map((_, at) => value(at)),
  )!;
}

/** The same numbers each time, between -1 and 1. */
function noise(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 31) * 2 - 1;
  };
}

describe("a trend", () => {
  test("of what grows evenly is its rate, from where it is, until a level is reached", () => {
    const trend = over((at) => 100 + at);
    expect(trend.perMs * hour).toBeCloseTo(60, 6);
    expect(trend.value).toBeCloseTo(460, 6);
    expect(trend.spanMs).toBe(6 * hour);
    expect(trend.fit).toBeCloseTo(1, 9);
    expect(isSteady(trend)).toBe(true);
    expect(msUntil(trend, 520)! / hour).toBeCloseTo(1, 6);
    expect(msUntil(trend, trend.value)).toBe(0);
    expect(msUntil(trend, 100)).toBeUndefined();
  });

  test("of what shrinks reaches a level below", () => {
    const trend = over((at) => 1000 - at);
    expect(isSteady(trend)).toBe(true);
    expect(msUntil(trend, 580)! / hour).toBeCloseTo(1, 6);
    expect(msUntil(trend, 2000)).toBeUndefined();
  });

  test("is seen through noise, and is not moved by single values that stand out", () => {
    const random = noise(1);
    const trend = over((at) => (at % 30 === 7 ? 1e6 : 1000 + at + 20 * random()));
    expect(isSteady(trend)).toBe(true);
    expect(trend.perMs * hour).toBeGreaterThan(57);
    expect(trend.perMs * hour).toBeLessThan(63);
  });

  test("is none to go by in noise about a level", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = noise(seed);
      expect(isSteady(over(() => 1000 + 50 * random()))).toBe(false);
    }
  });

  test("is none to go by where a value wanders without going anywhere", () => {
    let steady = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const random = noise(seed * 7919);
      let value = 1000;
      steady += Number(isSteady(over(() => (value += random()))));
    }
    // A walk at random is at times a line, as far as one can see.
    expect(steady).toBeLessThan(40);
  });

  test("is none to go by in a sawtooth, wherever in its tooth it is", () => {
    for (const period of [20, 45, 90, 120, 180, 240, 300])
      for (let phase = 0; phase < period; phase += 5)
        expect(isSteady(over((at) => 1000 + ((at + phase) % period) * 3)), `${period} ${phase}`).toBe(false);
    // It fell back ten minutes ago.
    expect(isSteady(over((at) => (at > 350 ? 0 : 1000 + at)))).toBe(false);
  });

  test("is none to go by where one step was made, or where growth has ended", () => {
    expect(isSteady(over((at) => (at < 180 ? 1000 : 2000)))).toBe(false);
    expect(isSteady(over((at) => Math.min(at, 200)))).toBe(false);
    expect(isSteady(over(() => 5))).toBe(false);
  });

  test("skips gaps, and needs a few values", () => {
    const times = Float64Array.from({ length: 361 }, (_, at) => start + at * minute);
    const holes = times.map((_, at) => (at % 60 < 40 && at > 0 ? Number.NaN : at));
    expect(trendOf(times, holes)!.perMs * hour).toBeCloseTo(60, 6);
    expect(trendOf([], [])).toBeUndefined();
    expect(trendOf([1, 2, 3], [1, 2, 3])).toBeUndefined();
    expect(trendOf([1, 2, 3], [Number.NaN, Number.NaN, Number.NaN])).toBeUndefined();
  });
});
