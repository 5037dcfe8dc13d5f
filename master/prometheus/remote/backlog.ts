import { slot } from "../../history/totals.ts";
import type { RawRows } from "../../history/raw-rows.ts";
import type { Progress } from "./progress.ts";
import { Batch, mostInBatch } from "./queue.ts";
import type { RowSet, SeriesTable } from "./series.ts";

/** The rows that the history keeps, as the queue would have had them. */
export type Rows = Pick<RawRows, "span" | "next" | "isLast" | "subjects" | "read">;

/** Sums of slots that are younger may lack a pod: these come when they are complete, as they do of what comes in. */
const sumsAfterMs = 3 * slot * 100;

/** Makes batches of what subjects have in a block and the store has not answered for, each subject in the order of time. */
export function* batchesOf(
  rows: Rows,
  progress: Progress,
  table: SeriesTable,
  start: number,
  subjects: readonly number[],
): Generator<Batch<RowSet> | undefined, void> {
  let batch = new Batch<RowSet>(0);
  for (const subject of subjects) {
    const sentMs = progress.of(subject);
    if (sentMs >= (start + rows.span) * 1000) continue;
    const nowMs = Date.now();
    const samples = rows.read(start, subject, nowMs - sumsAfterMs);
    yield undefined;
    if (!samples) continue;
    const { times, columns } = samples;
    for (let row = 0; row < times.length; row++) {
      const ms = start * 1000 + times[row]! * 100;
      if (ms <= sentMs) continue;
      const ids: number[] = [];
      const values: number[] = [];
      for (const [id, column] of columns) {
        const value = column[row]!;
        if (Number.isNaN(value)) continue;
        ids.push(id);
        values.push(value);
      }
      for (let from = 0; from < ids.length; from += mostInBatch) {
        const to = Math.min(ids.length, from + mostInBatch);
        if (!batch.takes(to - from)) {
          yield batch;
          batch = new Batch<RowSet>(0);
        }
        const part = to - from === ids.length ? ids : ids.slice(from, to);
        batch.add(table.setOf(subject, part, nowMs), ms, values, from, to);
      }
    }
  }
  if (batch.samples > 0) yield batch;
}
