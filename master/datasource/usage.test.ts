import { expect, test } from "bun:test";
import { parseQuantity, parseTime } from "../../wire/values.ts";
import { UsageStore } from "./usage.ts";

const at = (seconds: number) => 1_000_000_000_000 + seconds * 1000;

test("the points of the last 15 minutes are means of 30 s, and gaps are gaps", () => {
  const store = new UsageStore();
  store.put("c", "p", 1, 10, at(0));
  store.put("c", "p", 3, 30, at(5));
  store.put("c", "p", 4, 40, at(70));
  const usage = store.sum("c", ["p"], at(70))!;
  expect([usage.cpuCores, usage.memoryBytes]).toEqual([4, 40]);
  expect([...usage.cpuHistory].slice(-4)).toEqual([Number.NaN, 2, Number.NaN, 4]);
  expect([...usage.memoryHistory].slice(-1)).toEqual([40]);
});

test("what is older than 15 minutes is out of the points, also after many rounds of the ring", () => {
  const store = new UsageStore();
  for (let second = 0; second <= 3600; second += 30) store.put("c", "p", second, 1, at(second));
  const { cpuHistory } = store.sum("c", ["p"], at(3600))!;
  expect([...cpuHistory]).toEqual(Array.from({ length: 30 }, (_, point) => 3600 - (29 - point) * 30));
});

test("the sum over several counts only what is known, and what is not heard of is no usage now", () => {
  const store = new UsageStore();
  store.put("c", "a", 1, 10, at(0));
  store.put("c", "b", 2, 20, at(300));
  expect(store.sum("c", ["a", "b", "none"], at(300))).toMatchObject({ cpuCores: 2, memoryBytes: 20 });
  expect(store.current("c", "a", at(300))).toBeUndefined();
  expect(store.sum("c", ["none"], at(300))).toBeUndefined();
  expect(store.sum("other", ["a"], at(300))).toBeUndefined();
});

test("a slot that was let go of serves another, without the first one's points", () => {
  const store = new UsageStore();
  for (let one = 0; one < 600; one++) store.put("c", `old-${one}`, 9, 9, at(0));
  store.sweep(at(901));
  for (let one = 0; one < 600; one++) store.put("c", `new-${one}`, 1, 1, at(902));
  for (let one = 0; one < 600; one++) {
    const { cpuHistory } = store.sum("c", [`new-${one}`], at(902))!;
    expect([...cpuHistory].filter((value) => !Number.isNaN(value))).toEqual([1]);
  }
  expect(store.sum("c", ["old-1"], at(902))).toBeUndefined();
});

test("quantities and times are read as Kubernetes writes them", () => {
  const quantities: [unknown, number][] = [
    ["250m", 0.25],
    ["64Mi", 64 * 2 ** 20],
    ["2", 2],
    ["1e3", 1000],
    ["5k", 5000],
    ["100n", 1e-7],
    [0.5, 0.5],
  ];
  for (const [text, value] of quantities) expect(parseQuantity(text)).toBeCloseTo(value, 12);
  for (const text of ["", "many", "1.2.3", "5x", null, undefined]) expect(parseQuantity(text)).toBeNaN();
  expect(parseTime("2026-01-01T00:00:00Z")).toBe(Date.UTC(2026, 0, 1));
  for (const text of ["0001-01-01T00:00:00Z", "soon", "", undefined, null]) expect(parseTime(text)).toBe(0);
});
