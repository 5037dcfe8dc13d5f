import { expect, test } from "bun:test";
import { usualStep } from "./steps.ts";

const hour = 3_600_000;

test("every time that a page offers has a hundred to a step for each day of a year", () => {
  for (const hours of [1, 6, 24, 7 * 24, 30 * 24, 90 * 24, 365 * 24, 730 * 24]) {
    const steps = (hours * hour) / usualStep(hours * hour);
    expect(steps, `${hours} h`).toBeWithin(180, 367);
  }
  expect(usualStep(hour / 4)).toBe(0);
});
