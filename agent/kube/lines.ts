import { KubeError } from "./error.ts";

const newline = 10;
/** etcd takes objects up to 1.5 MiB; with room for what a server may be configured to. */
const longestLine = 16 * 2 ** 20;

/**
 * Cuts a stream of bytes into lines, on the bytes: a character that is split between two chunks stays whole, and
 * no text longer than a line is ever made. A line is valid only during the call that receives it, as its bytes
 * are those of the chunk. An unfinished last line is not reported.
 */
export class LineCutter {
  #rest: Uint8Array = new Uint8Array(0);
  #length = 0;

  feed(chunk: Uint8Array, onLine: (line: Uint8Array) => void): void {
    let from = 0;
    if (this.#length > 0) {
      const end = chunk.indexOf(newline);
      if (end < 0) {
        this.#keep(chunk);
        return;
      }
      this.#keep(chunk.subarray(0, end));
      const line = this.#rest.subarray(0, this.#length);
      this.#length = 0;
      onLine(line);
      from = end + 1;
    }
    for (;;) {
      const end = chunk.indexOf(newline, from);
      if (end < 0) break;
      if (end > from) onLine(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > longestLine)
      throw new KubeError(0, "BadAnswer", `a line of the watch is longer than ${longestLine} bytes`);
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.max(length * 2, 16_384));
      larger.set(this.#rest.subarray(0, this.#length));
      this.#rest = larger;
    }
    this.#rest.set(bytes, this.#length);
    this.#length = length;
  }
}
