/** A tar file (POSIX ustar) of few files of any size, as a stream: nothing of it is held in memory. */
const block = 512;

export interface TarEntry {
  name: string;
  size: number;
  /** Seconds since 1970. */
  mtime: number;
  content: AsyncIterable<Uint8Array>;
}

export async function* writeTar(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  for (const { name, size, mtime, content } of entries) {
    yield header(name, size, mtime);
    let sent = 0;
    for await (const chunk of content) {
      sent += chunk.length;
      yield chunk;
    }
    if (sent !== size) throw new Error(`${name} has changed while it was read`);
    yield new Uint8Array((block - (size % block)) % block);
  }
  yield new Uint8Array(2 * block);
}

function header(name: string, size: number, mtime: number): Uint8Array {
  const bytes = new Uint8Array(block);
  const put = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(100, "0000600\0");
  put(108, "0000000\0");
  put(116, "0000000\0");
  put(124, `${size.toString(8).padStart(11, "0")}\0`);
  put(136, `${Math.floor(mtime).toString(8).padStart(11, "0")}\0`);
  put(148, "        ");
  put(156, "0");
  put(257, "ustar\u000000");
  put(148, `${sum(bytes).toString(8).padStart(6, "0")}\0 `);
  return bytes;
}

/** The checksum, with its own field taken for blanks. */
function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < block; at++) total += at >= 148 && at < 156 ? 32 : bytes[at]!;
  return total;
}

/** Reads a tar stream file by file; `take` gets each file's chunks in order. Throws on what is no tar, or is cut short. */
export async function readTar(
  stream: AsyncIterable<Uint8Array>,
  take: (name: string, size: number) => { write(chunk: Uint8Array): void; end(): Promise<void> | void },
): Promise<void> {
  const reader = new Blocks(stream[Symbol.asyncIterator]());
  for (;;) {
    const head = await reader.exactly(block);
    if (head.every((byte) => byte === 0)) return;
    const text = (at: number, length: number) =>
      new TextDecoder().decode(head.subarray(at, at + length)).replace(/\0[\s\S]*$/, "");
    if (text(257, 5) !== "ustar" || Number.parseInt(text(148, 8), 8) !== sum(head))
      throw new Error("this is no backup: it is no tar file, or is damaged");
    const size = Number.parseInt(text(124, 12), 8);
    const file = take(text(0, 100), size);
    let left = size;
    while (left > 0) {
      const chunk = await reader.atMost(left);
      file.write(chunk);
      left -= chunk.length;
    }
    await file.end();
    await reader.exactly((block - (size % block)) % block);
  }
}

class Blocks {
  readonly #from: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(from: AsyncIterator<Uint8Array>) {
    this.#from = from;
  }

  async atMost(bytes: number): Promise<Uint8Array> {
    if (this.#held.length === 0) {
      const { done, value } = await this.#from.next();
      if (done) throw new Error("this backup is cut short");
      this.#held = value;
    }
    const part = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(part.length);
    return part;
  }

  async exactly(bytes: number): Promise<Uint8Array> {
    const all = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const part = await this.atMost(bytes - at);
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
