import { expect, test } from "bun:test";
import {
  formatBytes,
  formatCount,
  formatCpu,
  formatDuration,
  formatRate,
  formatShare,
  formatStep,
} from "./format.ts";
import { parseQuantity, parseTime } from "../../wire/values.ts";

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;

test("steps read in the largest unit that says them exactly", () => {
  expect([5 * s, 60 * s, 90 * s, 10 * m, 60 * m, 3 * h, 24 * h].map(formatStep)).toEqual([
    "5s",
    "1m",
    "90s",
    "10m",
    "1h",
    "3h",
    "24h",
  ]);
});

test("durations read as kubectl writes ages", () => {
  const cases: [number, string][] = [
    [-5, "0s"],
    [0, "0s"],
    [999, "0s"],
    [45 * s, "45s"],
    [119 * s, "119s"],
    [120 * s, "2m"],
    [3 * m + 12 * s, "3m12s"],
    [10 * m + 59 * s, "10m"],
    [179 * m, "179m"],
    [3 * h, "3h"],
    [3 * h + 15 * m, "3h15m"],
    [8 * h + 59 * m, "8h"],
    [47 * h, "47h"],
    [2 * d, "2d"],
    [3 * d + 4 * h, "3d4h"],
    [8 * d + 4 * h, "8d"],
    [729 * d, "729d"],
    [730 * d, "2y"],
    [770 * d, "2y40d"],
    [3000 * d, "8y"],
  ];
  for (const [ms, text] of cases) expect(formatDuration(ms)).toBe(text);
  expect(formatDuration(Number.NaN)).toBe("0s");
});

test("the browser's copy of the duration rules gives the same text", async () => {
  const source = await Bun.file(new URL("../assets/app.js", import.meta.url)).text();
  const rules = source.slice(source.indexOf("const two ="), source.indexOf("// The server's clock rules"));
  const theirs = new Function(`${rules}; return formatDuration;`)() as (ms: number) => string;
  for (let ms = 500; ms < 4000 * d; ms = ms * 1.07 + 700) expect(theirs(ms)).toBe(formatDuration(ms));
});

test("bytes are in binary units with three digits", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [1023.9 * 1024, "1 MiB"],
    [14.25 * 2 ** 30, "14.3 GiB"],
    [512 * 2 ** 20, "512 MiB"],
    [5 * 2 ** 50, "5 PiB"],
    [5000 * 2 ** 50, "5000 PiB"],
    [-2048, "−2 KiB"],
    [Number.NaN, "–"],
  ];
  for (const [bytes, text] of cases) expect(formatBytes(bytes)).toBe(text);
  expect(formatRate(1536)).toBe("1.5 KiB/s");
});

test("CPU is in thousandths below a core and in cores above", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [0.0004, "<1m"],
    [0.25, "250m"],
    [0.9994, "999m"],
    [0.9996, "1"],
    [1.5, "1.5"],
    [12.34, "12.3"],
    [128.4, "128"],
    [Number.NaN, "–"],
  ];
  for (const [cores, text] of cases) expect(formatCpu(cores)).toBe(text);
});

test("shares and counts are short", () => {
  expect([0, 0.004, 0.07, 0.999, 1].map(formatShare)).toEqual(["0%", "0.4%", "7%", "100%", "100%"]);
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"]);
});

test("Kubernetes quantities become numbers", () => {
  const cases: [string | undefined, number][] = [
    ["250m", 0.25],
    ["2", 2],
    ["64Mi", 64 * 2 ** 20],
    ["1e3", 1000],
    ["1.5G", 1.5e9],
    ["100n", 1e-7],
    ["2E", 2e18],
    ["-1", -1],
  ];
  for (const [text, number] of cases) expect(parseQuantity(text)).toBeCloseTo(number, 9);
  for (const none of [undefined, "", "x", "1 Mi", "1mi"]) expect(parseQuantity(none)).toBeNaN();
});

test("times that are none count as not known", () => {
  expect(parseTime("2026-11-22T10:00:00Z")).toBe(Date.UTC(2026, 10, 22, 10));
  for (const none of [undefined, null, "", "soon"]) expect(parseTime(none)).toBe(0);
});
