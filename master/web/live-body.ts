import { constants, createGzip, type Gzip } from "node:zlib";

/** Bytes that wait for a slow browser before its page is left as it is until they are gone. */
const highWaterMark = 256 * 1024;

/**
 * Compression keeps its memory for as long as the page is open: 0.3 MB, of which a third goes for the window of
 * 32 kB, in which the next drawing of a chart finds the last one: a node's metrics take 1.1 kB instead of 24.
 */
const compression = { level: 3, windowBits: 15, memLevel: 6, flush: constants.Z_SYNC_FLUSH };

const encoder = new TextEncoder();

/** The body of an answer without end, compressed where the browser takes it; each write reaches it at once. */
export class LiveBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly headers: Record<string, string>;
  readonly #gzip: Gzip | undefined;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(request: Request, left: () => void) {
    const gzip = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
    this.headers = gzip ? { "content-encoding": "gzip", vary: "accept-encoding" } : {};
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: left,
      },
      new ByteLengthQueuingStrategy({ highWaterMark }),
    );
    if (!gzip) return;
    this.#gzip = createGzip(compression);
    this.#gzip.on("data", (chunk: Uint8Array) => this.#put(chunk));
    this.#gzip.on("error", () => this.#end());
    this.#gzip.on("end", () => this.#end());
  }

  /** Whether the browser is so far behind that more would only get old in the queue. */
  get behind(): boolean {
    return (this.#controller?.desiredSize ?? 0) <= (this.#gzip?.writableLength ?? 0);
  }

  write(text: string): void {
    if (this.#gzip) this.#gzip.write(text);
    else this.#put(encoder.encode(text));
  }

  close(): void {
    if (this.#gzip) this.#gzip.end();
    else this.#end();
  }

  #put(chunk: Uint8Array): void {
    try {
      this.#controller?.enqueue(chunk);
    } catch {
      this.#controller = undefined;
    }
  }

  #end(): void {
    try {
      this.#controller?.close();
    } catch {
      // The browser has closed it already.
    }
    this.#controller = undefined;
  }
}
