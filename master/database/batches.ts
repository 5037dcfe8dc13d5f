/** So many rows are written by one statement: it takes less than a millisecond or two. */
const together = 50;

/**
 * Writes many rows in statements of some each, between which everything else that the process does gets its turn:
 * a transaction of ten thousand rows would hold it up otherwise.
 */
export async function inBatches<T>(
  rows: readonly T[],
  write: (batch: readonly T[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += together) {
    if (at > 0) await new Promise((resolve) => setImmediate(resolve));
    await write(rows.slice(at, at + together));
  }
}
