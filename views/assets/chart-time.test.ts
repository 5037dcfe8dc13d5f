import { expect, test } from "bun:test";
import { parseInterval, parseMoment } from "../parts/moment.ts";
import { momentAddress, rounded, scaled, zoomAddress } from "./chart-time.js";

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
