import { gzipSync, strToU8 } from "fflate";

/** For hosts without one of their own. */
export function gzip(text: string): Uint8Array {
  // mtime 0: the time is in the snapshot, and the same snapshot should be the same bytes.
  return gzipSync(strToU8(text), { level: 9, mem: 4, mtime: 0 });
}
