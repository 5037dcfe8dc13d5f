import { mostLineBytes } from "../operate/log-tail.ts";

export interface LogLine {
  /** The moment that the kubelet wrote it down, RFC 3339; empty where it is not told. */
  time: string;
  text: string;
}

/**
 * Lines of a followed log in bounded memory: of a line that is longer than 16 KiB the beginning is kept, and how
 * much more there was. Bytes that are no UTF-8 become U+FFFD.
 */
export class LineFeed {
  readonly #onLine: (line: LogLine) => void;
  #parts: Uint8Array[] = [];
  #kept = 0;
  #over = 0;

  constructor(onLine: (line: LogLine) => void) {
    this.#onLine = onLine;
  }

  feed(chunk: Uint8Array): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(10, from);
      this.#keep(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) return;
      this.flush();
      from = end + 1;
    }
  }

  /** The last line, which nothing ended. */
  flush(): void {
    const over = this.#over > 0 ? `… [${this.#over} bytes more]` : "";
    const text = new TextDecoder().decode(Buffer.concat(this.#parts)).replaceAll("\0", "\uFFFD");
    this.#parts = [];
    this.#kept = 0;
    this.#over = 0;
    const time = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) /.exec(text);
    this.#onLine(
      time ? { time: time[1]!, text: text.slice(time[0].length) + over } : { time: "", text: text + over },
    );
  }

  get unfinished(): boolean {
    return this.#kept > 0;
  }

  #keep(bytes: Uint8Array): void {
    const room = mostLineBytes + 64 - this.#kept;
    const kept = bytes.subarray(0, Math.max(0, room));
    // The chunk's bytes are the next read's, too.
    if (kept.length > 0) this.#parts.push(kept.slice());
    this.#kept += kept.length;
    this.#over += bytes.length - kept.length;
  }
}
