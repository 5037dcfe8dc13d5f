import type { ByteReader, ByteWriter } from "./bytes.ts";

/** Samples come at a steady pace: what differs is the difference of the difference, and that is mostly none. */
export function writeTimes(to: ByteWriter, times: ArrayLike<number>): void {
  let before = 0;
  let pace = 0;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    to.zigzag(time - before - pace);
    pace = time - before;
    before = time;
  }
}

export function readTimes(from: ByteReader, rows: number): Float64Array {
  const times = new Float64Array(rows);
  let before = 0;
  let pace = 0;
  for (let row = 0; row < rows; row++) {
    pace += from.zigzag();
    before += pace;
    times[row] = before;
  }
  return times;
}
