import { expect, test } from "bun:test";
import { durationText, parseDuration } from "./duration.ts";

test("a duration is read in its units, and in several of them", () => {
  const all: [string, number | undefined][] = [
    ["0s", 0],
    ["500ms", 500],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["", undefined],
    ["5", undefined],
    ["5 m", undefined],
    ["-5m", undefined],
    ["1.5h", undefined],
    ["5min", undefined],
  ];
  for (const [text, ms] of all) expect(parseDuration(text), text).toBe(ms);
});

test("what is written is read as the same", () => {
  for (const ms of [0, 1, 1500, 60_000, 90_000, 3_600_000, 86_400_000, 604_800_000, 61_001])
    expect(parseDuration(durationText(ms))).toBe(ms);
});
