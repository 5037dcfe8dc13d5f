import { OperationError, type OperationContext } from "../operate/operation.ts";

/** So many bytes may be on their way to whoever looks; what makes more waits until they have been shown. */
const windowBytes = 256 * 1024;
const openMs = 10_000;

/**
 * The agent's end of a stream to the master, opened outward. What is sent is counted, and what whoever looks has
 * shown is told back (`{"shown": bytes}`), so that a slow browser slows down the source and nothing piles up.
 */
export class MasterSocket {
  readonly #socket: WebSocket;
  readonly #closed = Promise.withResolvers<void>();
  #onText: (text: string) => void = () => {};
  #onBytes: (bytes: Uint8Array) => void = () => {};
  #underWay = 0;
  #room: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return this.#onBytes(new Uint8Array(data as ArrayBuffer));
      const shown = /^\{"shown":(\d{1,12})\}$/.exec(data);
      if (!shown) return this.#onText(data);
      this.#underWay = Math.max(0, this.#underWay - Number(shown[1]));
      this.#wake();
    });
    const end = () => {
      this.#closed.resolve();
      this.#wake();
    };
    socket.addEventListener("close", end);
    socket.addEventListener("error", end);
  }

  static async open({ stream, signal }: OperationContext): Promise<MasterSocket> {
    if (!stream) throw new OperationError("Unsupported", "This master has no streams.");
    const socket = new WebSocket(stream.url, {
      headers: stream.headers,
      ...(stream.tls ? { tls: stream.tls } : {}),
      // Never through a proxy to this machine.
    } as never);
    const opened = Promise.withResolvers<void>();
    socket.addEventListener("open", () => opened.resolve());
    const fail = () =>
      opened.reject(new OperationError("Unreachable", "Nobody looks any more, or the master is away."));
    socket.addEventListener("error", fail);
    socket.addEventListener("close", fail);
    const timer = setTimeout(fail, openMs);
    signal.addEventListener("abort", fail, { once: true });
    try {
      await opened.promise;
    } catch (error) {
      socket.close();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", fail);
    }
    return new MasterSocket(socket);
  }

  /** Who looks has left, or the way to the master broke. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  onText(callback: (text: string) => void): void {
    this.#onText = callback;
  }
  onBytes(callback: (bytes: Uint8Array) => void): void {
    this.#onBytes = callback;
  }

  /** Sends, and comes back when there is room for more. */
  async send(data: string | Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.isOpen) return;
    this.#underWay += typeof data === "string" ? Buffer.byteLength(data) : data.length;
    this.#socket.send(data);
    while (this.#underWay > windowBytes && this.isOpen)
      await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** A word on the stream itself; it does not count. */
  tell(value: object): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(value));
  }

  close(): void {
    this.#socket.close(1000);
    this.#closed.resolve();
  }

  #wake(): void {
    for (const one of this.#room.splice(0)) one();
  }
}
