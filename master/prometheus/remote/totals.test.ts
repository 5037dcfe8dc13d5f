import { expect, test } from "bun:test";
import { WorkloadTotals } from "./totals.ts";

test("a workload's pods are summed up slot by slot, over all nodes, one that misses a slot with what it used", () => {
  const sums: unknown[] = [];
  const totals = new WorkloadTotals((subject, ms, ids, values) => sums.push([subject, ms, ids, values]));
  const start = 1_700_000_000_000;
  totals.take(7, start, [2, 3], [10, 100], true);
  totals.take(7, start + 4900, [4, 5], [20, 200], true);
  totals.take(8, start, [6, 7], [1, 2], true);
  totals.take(7, start + 5000, [2, 3], [11, 110], true);
  totals.close(start + 14_999);
  expect(sums).toEqual([]);
  totals.close(start + 15_000);
  expect(sums).toEqual([
    [7, start, [0, 1], [30, 300]],
    [8, start, [0, 1], [1, 2]],
  ]);
  totals.close(start + 20_000);
  expect(sums.slice(2)).toEqual([[7, start + 5000, [0, 1], [31, 310]]]);
  // Too late to be in the sum, and the pod on the other node is gone by the third slot after it.
  totals.take(7, start + 5000, [4, 5], [21, 210], true);
  totals.take(7, start + 20_000, [2, 3], [12, 120], true);
  totals.close(start + 60_000);
  expect(sums.slice(3)).toEqual([[7, start + 20_000, [0, 1], [12, 120]]]);
});
