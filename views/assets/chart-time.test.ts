import { afterEach, describe, expect, test } from "bun:test";
import { parseInterval, parseMoment } from "../parts/moment.ts";
import { localMark, momentAddress, rounded, scaled, zoomAddress } from "./chart-time.js";

const at = Date.UTC(2026, 10, 24, 10, 0, 0);
const query = (href: string) => new URL(href).searchParams;

test("a time goes into the address as the server reads it, and what it was zoomed out of beside it", () => {
  const interval = { fromMs: at, toMs: at + 90_000 };
  const first = zoomAddress("http://own.invalid/nodes/c/n?tab=metrics&range=24h", interval);
  expect(parseInterval(query(first).get("range"))).toEqual(interval);
  expect(query(first).get("base")).toBe("24h");
  expect(query(first).get("tab")).toBe("metrics");
  expect(first).toEndWith("range=20261124T100000Z-20261124T100130Z&base=24h");
  // Zoomed again, the usual time stays the one before.
  expect(query(zoomAddress(first, { fromMs: at, toMs: at + 60_000 })).get("base")).toBe("24h");
  expect(query(zoomAddress("http://own.invalid/", interval)).has("base")).toBe(false);
  expect(parseMoment(query(momentAddress(first, at + 400)).get("at"))).toBe(at);
});

test("what is selected becomes whole seconds, a minute of them at least, and none that are still to come", () => {
  const end = at + 3_600_000;
  expect(rounded({ fromMs: at + 300, toMs: at + 120_300 }, end)).toEqual({ fromMs: at, toMs: at + 121_000 });
  expect(rounded({ fromMs: at, toMs: at + 10_000 }, end)).toEqual({ fromMs: at - 25_000, toMs: at + 35_000 });
  expect(rounded({ fromMs: end - 1000, toMs: end }, end)).toEqual({ fromMs: end - 60_000, toMs: end });
});

test("zooming around a moment leaves it where it stands", () => {
  const whole = { fromMs: at, toMs: at + 400_000 };
  const { fromMs, toMs } = scaled(whole, 0.5, at + 100_000);
  expect(toMs - fromMs).toBe(200_000);
  expect((at + 100_000 - fromMs) / (toMs - fromMs)).toBe(0.25);
});

describe("marks lie at round times of the browser's zone", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    process.env.TZ = zone ?? "UTC";
  });
  const hour = 3_600_000;
  const clock = (ms: number) => new Date(ms).toTimeString().slice(0, 5);

  test.each([
    "UTC",
    "Europe/Berlin",
    "Asia/Kolkata",
    "America/Los_Angeles",
    "America/St_Johns",
    "Asia/Kathmandu",
  ])("of %s, over both changes of clocks", (name) => {
    process.env.TZ = name;
    for (const begin of [Date.UTC(2026, 2, 1), Date.UTC(2026, 9, 20)])
      for (const every of [6 * hour, 24 * hour, 7 * 24 * hour]) {
        const marks = Array.from({ length: 120 }, (_, at) => localMark(begin + at * every, every));
        for (const [at, ms] of marks.entries()) {
          expect(["00:00", ...(every < 24 * hour ? ["06:00", "12:00", "18:00"] : [])]).toContain(clock(ms));
          expect(Math.abs(ms - begin - at * every)).toBeLessThanOrEqual(every / 2 + hour);
          if (at > 0) expect(Math.abs(ms - marks[at - 1]! - every)).toBeLessThanOrEqual(hour);
        }
      }
    expect(clock(localMark(Date.UTC(2026, 5, 1, 10), hour))).toEndWith(":00");
    const quarter = Date.UTC(2026, 5, 1, 10, 15);
    expect(localMark(quarter, 5 * 60_000)).toBe(quarter);
  });
});
