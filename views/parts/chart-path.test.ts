import { expect, test } from "bun:test";
import { areaPath, linePath, runsOf, stack, units, windowSeconds } from "./chart-path.ts";
import { scaleOf } from "./chart-scale.ts";

const to = 1_800_000_000_000;
const scale = scaleOf("share", 0, 1);
const times = (count: number, every = 5000) =>
  Array.from({ length: count }, (_, at) => to - (count - 1 - at) * every);

test("samples become points of a second by a thousandth of the axis", () => {
  const runs = runsOf(times(3), [0, 0.5, 1], to, scale);
  expect(runs).toEqual([
    [
      { x: windowSeconds - 10, y: units },
      { x: windowSeconds - 5, y: units / 2 },
      { x: windowSeconds, y: 0 },
    ],
  ]);
  expect(linePath(runs)).toBe("M890 1000l5-500 5-500");
});

test("a missing value interrupts the line", () => {
  expect(runsOf(times(5), [0.1, 0.2, Number.NaN, 0.3, 0.4], to, scale).map((run) => run.length)).toEqual([
    2, 2,
  ]);
});

test("a silence interrupts the line although no sample says so", () => {
  const paused = [...times(10).map((time) => time - 70_000), ...times(10)];
  const values = paused.map(() => 0.5);
  expect(runsOf(paused, values, to, scale)).toHaveLength(2);
});

test("a single sample is drawn as a dot", () => {
  expect(linePath(runsOf([to], [0.5], to, scale))).toBe("M900 500h3");
});

test("values that are all missing draw nothing", () => {
  const runs = runsOf(times(180), new Float64Array(180).fill(Number.NaN), to, scale);
  expect(runs).toEqual([]);
  expect(linePath(runs)).toBe("");
  expect(areaPath(runs)).toBe("");
});

test("what lies outside the window is left out, and values beyond the axis stay at its edge", () => {
  const runs = runsOf([to - 2_000_000, to - 5000, to, to + 60_000], [0.5, 7, -3, 0.5], to, scale);
  expect(runs.flat()).toEqual([
    { x: 895, y: 0 },
    { x: 900, y: units },
  ]);
});

test("an area goes down to the bottom edge in each of its parts", () => {
  const path = areaPath(runsOf(times(5), [0.1, 0.2, Number.NaN, 0.3, 0.4], to, scale));
  expect(path.match(/V1000H\d+z/g)).toHaveLength(2);
});

test("layers are sums of those below; one that is missing adds nothing, and all missing is a gap", () => {
  const [low, high] = stack([
    [1, Number.NaN, Number.NaN],
    [2, 3, Number.NaN],
  ]);
  expect([...low!]).toEqual([1, Number.NaN, Number.NaN]);
  expect([...high!]).toEqual([3, 3, Number.NaN]);
});

test("a line of 15 minutes takes less than two kilobytes", () => {
  const values = times(180).map((_, at) => Math.abs(Math.sin(at)) * 0.9);
  expect(linePath(runsOf(times(180), values, to, scale)).length).toBeLessThan(2000);
});
