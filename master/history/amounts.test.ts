import { expect, test } from "bun:test";
import { type Amounts, eachAmount, encodeAmounts, encodeSpreads, merged } from "./amounts.ts";
import { mostOf, bucketOf, spreadOf } from "./spread.ts";

/** What was at `most` nearly always, and a little below once: its mean is rounded up to a whole number. */
function nearly(most: number): Amounts {
  const values = Float64Array.from({ length: 600 }, (_, at) => (at === 0 ? most - 1 : most));
  const sum = values.reduce((all, one) => all + one, 0);
  return new Map([[2, { sum, seconds: values.length, max: most, spread: spreadOf(values) }]]);
}

test.each([5, 700, 40_000])(
  "what is kept of %d tells the most that it was, and spreads below that, however often it is put together",
  (most) => {
    let amounts = nearly(most);
    for (let times = 0; times < 3; times++) {
      const piece = { data: encodeAmounts(amounts), spread: encodeSpreads(amounts) };
      eachAmount(piece.data, (_, sum, seconds, max) => {
        expect(max).toBe(most);
        expect(sum / seconds).toBeCloseTo(most, 0);
      });
      amounts = merged([piece]);
      const [[bucket] = []] = [...amounts.get(2)!.spread!];
      expect(mostOf(bucket!)).toBe(mostOf(bucketOf(most)));
    }
  },
);
