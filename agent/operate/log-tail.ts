/** What is kept of a log: its end. */
export const mostLogBytes = 2 ** 20;
/** Of one line; what is beyond is left out, and said. */
export const mostLineBytes = 16 * 1024;

const newline = 10;

/**
 * The last `most` bytes of a stream, in memory that is bounded by them whatever comes. Cut, it begins with a whole
 * line, unless all of it is one.
 */
export class LogTail {
  readonly #most: number;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  /** How many bytes came in all. */
  total = 0;

  constructor(most = mostLogBytes) {
    this.#most = most;
  }

  feed(chunk: Uint8Array): void {
    this.total += chunk.length;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    while (this.#kept - this.#chunks[0]!.length >= this.#most) this.#kept -= this.#chunks.shift()!.length;
  }

  get cut(): boolean {
    return this.total > this.#most;
  }

  bytes(): Uint8Array {
    const all = Buffer.concat(this.#chunks);
    if (!this.cut) return all;
    const end = all.subarray(all.length - this.#most);
    const first = end.indexOf(newline);
    return first < 0 || first === end.length - 1 ? end : end.subarray(first + 1);
  }
}

/**
 * Text of what a container wrote, whatever it was: bytes that are no UTF-8 become U+FFFD, NUL too (it is no text,
 * and databases stumble over it), and a line of more than `mostLineBytes` is cut and says by how much.
 */
export function logText(bytes: Uint8Array): string {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  for (let from = 0; from < bytes.length; ) {
    const found = bytes.indexOf(newline, from);
    const end = found < 0 ? bytes.length : found;
    const over = end - from - mostLineBytes;
    const text = decoder.decode(bytes.subarray(from, over > 0 ? from + mostLineBytes : end));
    lines.push(over > 0 ? `${text}… [${over} bytes more]` : text);
    from = end + 1;
  }
  if (bytes.at(-1) === newline) lines.push("");
  return lines.join("\n").replaceAll("\0", "\uFFFD");
}
