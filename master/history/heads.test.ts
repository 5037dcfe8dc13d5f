import { expect, test } from "bun:test";
import { msOf, placeOf } from "./heads.ts";

test("a sample is kept within a tenth of a second before its time, never after it", () => {
  for (const ms of [
    0, 1, 99, 100, 1_732_300_000_000, 1_732_300_000_049, 1_732_300_000_051, 1_732_300_199_999,
  ]) {
    const { start, time } = placeOf(ms);
    expect(ms - msOf(start, time)).toBeWithin(0, 100);
  }
});
