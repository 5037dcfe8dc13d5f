import { expect, test } from "bun:test";
import { encodeAmounts, encodeSpreads, merged, workloadAmounts } from "./amounts.ts";
import type { Samples } from "./samples.ts";
import { bucketOf, mostOf, spreadOf, SpreadReader, SpreadWriter } from "./spread.ts";
import { cpuOf } from "./totals.ts";
import { UpperTails } from "./upper-tails.ts";

/** Numbers from 0 to 1 that are the same each time. */
function dice(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const rows = 60;
const samplesOf = (values: Float64Array): Samples => ({
  times: Float64Array.from(values, (_, row) => row * 100),
  columns: new Map([[cpuOf(1), values]]),
  processes: [],
});
const exactly = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.max(0, Math.ceil(share * values.length) - 1))
  ]!;

const kinds: Record<string, (random: () => number, at: number) => number> = {
  still: () => 250,
  nothing: () => 0,
  noise: (random) => Math.round(100 + 900 * random()),
  spikes: (random) => (random() < 0.03 ? 4000 : 20 + Math.round(3 * random())),
  // Busy for a twelfth of the time.
  batch: (random, at) => (Math.floor(at / 720) % 12 === 5 ? Math.round(2000 + 2000 * random()) : 5),
  wide: (random) => Math.round(Math.exp(10 * random())),
  daily: (random, at) => Math.round(500 + 400 * Math.sin((at / 8640) * 2 * Math.PI) + 50 * random()),
};

test("a 95th percentile of a day is one between the 93rd and the 97th, at most 9 % more, also of pieces of pieces", () => {
  for (const [kind, of] of Object.entries(kinds)) {
    const random = dice(kind.length);
    const values = Array.from({ length: 8640 }, (_, at) => of(random, at));
    const pieces = [];
    for (let at = 0; at < values.length; at += rows) {
      const amounts = workloadAmounts(samplesOf(Float64Array.from(values.slice(at, at + rows))));
      pieces.push({ data: encodeAmounts(amounts), spread: encodeSpreads(amounts) });
    }
    const longer = [];
    for (let at = 0; at < pieces.length; at += 12) {
      const amounts = merged(pieces.slice(at, at + 12));
      longer.push({ data: encodeAmounts(amounts), spread: encodeSpreads(amounts) });
    }
    const day = merged(longer);
    const days = merged([{ data: encodeAmounts(day), spread: encodeSpreads(day) }]);
    for (const amounts of [merged(pieces), day, days]) {
      const { seconds, spread } = amounts.get(cpuOf(1))!;
      const tails = new UpperTails(Float64Array.of(seconds));
      for (const [bucket, one] of spread!) tails.add(0, bucket, one);
      const found = tails.percentile(0);
      expect(found, kind).toBeWithin(exactly(values, 0.93), 1.091 * exactly(values, 0.97) + 1e-9);
    }
  }
});

test("what stands still takes a bit, noise some bytes", () => {
  const bytes = (values: number[]) => {
    const to = new SpreadWriter();
    for (let column = 0; column < 80; column++)
      to.add(spreadOf(Float64Array.from(values)), Math.max(...values));
    return to.bytes().length / 80;
  };
  expect(bytes(Array(60).fill(777))).toBe(1 / 8);
  const random = dice(3);
  expect(bytes(Array.from({ length: 60 }, () => 100 + 900 * random()))).toBeLessThan(9);
});

test("columns are read one after the other, each from its most downwards", () => {
  const columns = [[5], [0, 0, 0, 100], [1, 2, 3, 4, 1000, 1000], [], [2 ** 40]].map((one) =>
    Float64Array.from(one),
  );
  const to = new SpreadWriter();
  for (const one of columns) to.add(spreadOf(one), Math.max(0, ...one));
  const from = new SpreadReader(to.bytes());
  for (const one of columns) {
    from.next(Math.max(0, ...one));
    expect(from.buckets[0]).toBe(bucketOf(Math.max(0, ...one)));
    expect(from.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(from.buckets).toEqual(from.buckets.toSorted((a, b) => b - a));
  }
  for (let value = 1; value < 1e6; value = Math.ceil(value * 1.01))
    expect(mostOf(bucketOf(value)) / value).toBeWithin(1, 1.091);
});

test("bytes that are none of these end", () => {
  const random = dice(5);
  for (let times = 0; times < 200; times++) {
    const from = new SpreadReader(Uint8Array.from({ length: 12 }, () => 256 * random()));
    for (let column = 0; column < 20; column++) {
      from.next(1000);
      expect(from.buckets.length).toBeLessThan(60);
    }
  }
});

test("of the upper twentieth more buckets than there is room for are told of as a few, not forgotten", () => {
  const tails = new UpperTails(Float64Array.of(1000, 1000));
  for (let bucket = 400; bucket > 300; bucket--) tails.add(0, bucket, 1);
  for (let bucket = 301; bucket <= 400; bucket++) tails.add(1, bucket, 1);
  for (const row of [0, 1]) tails.add(row, 10, 900);
  // The fiftieth second from above.
  for (const row of [0, 1]) expect(tails.percentile(row)).toBeWithin(mostOf(347), mostOf(356));
  expect(new UpperTails(Float64Array.of(10)).percentile(0)).toBeNaN();
});
