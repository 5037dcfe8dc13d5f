import { expect, test } from "bun:test";
import { random } from "../control/lab.ts";
import { nineDigits } from "./digits.ts";

test("numbers are rounded to nine digits, and never before their point", () => {
  expect([0, -0, 1 / 3, -1 / 3, 1e9, 123_456_789_123, 2 ** 50, 1e300, 5e-324, 1e-7].map(nineDigits)).toEqual([
    0,
    0,
    0.333333333,
    -0.333333333,
    1e9,
    123_456_789_123,
    2 ** 50,
    1e300,
    5e-324,
    1e-7,
  ]);
  const next = random(5);
  const wrong = Array.from({ length: 20_000 }, () => (next() - 0.5) * 10 ** (next() * 40 - 20)).filter(
    (value) =>
      Math.abs(nineDigits(value) - value) > Math.abs(value) * 6e-9 ||
      (!Number.isSafeInteger(nineDigits(value)) &&
        String(nineDigits(value))
          .replace(/e.*|[-.]/g, "")
          .replace(/^0+|0+$/g, "").length > 9),
  );
  expect(wrong).toEqual([]);
});

test("stored values stay as they are", () => {
  const stored = Array.from({ length: 200_000 }, (_, at) => at - 2000);
  expect(stored.filter((one) => nineDigits(one / 1000) !== one / 1000)).toEqual([]);
  expect(stored.filter((one) => nineDigits(one * 4096) !== one * 4096)).toEqual([]);
  // Of disks of 16 TiB and more, too.
  const bytes = stored.map((one) => (2 ** 32 + one * 977) * 4096);
  expect(bytes.filter((one) => nineDigits(one) !== one)).toEqual([]);
});
