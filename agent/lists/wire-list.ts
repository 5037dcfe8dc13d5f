import type { KindKey } from "../../wire/kind-names.ts";
import type { ByteText } from "./byte-text.ts";

/** Where a list's items come from. */
export interface ListContents {
  keys(): Iterable<string>;
  /** Writes the item's JSON as it is now; false where it is gone. */
  write(key: string, out: ByteText): boolean;
  /** About how long that is; 0 where it is gone. Cheap. */
  size(key: string): number;
}

/** One kind's items as they are to be at the master, and which of them may have changed since they were sent. */
export class WireList {
  readonly kind: KindKey;
  readonly contents: ListContents;
  /** The first list is complete: before that nothing is sent, or the master would take half for all. */
  #ready = false;
  #touched = new Set<string>();
  #touchedMs = Number.POSITIVE_INFINITY;
  #wake: () => void = () => {};

  constructor(kind: KindKey, contents: ListContents) {
    this.kind = kind;
    this.contents = contents;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** When the oldest change that was not taken yet happened; Infinity where there is none. */
  get touchedMs(): number {
    return this.#touchedMs;
  }

  /** Called when there is something new to send. */
  onChange(wake: () => void): void {
    this.#wake = wake;
  }

  touch(key: string): void {
    this.#touched.add(key);
    if (this.#touchedMs !== Number.POSITIVE_INFINITY) return;
    this.#touchedMs = Date.now();
    if (this.#ready) this.#wake();
  }

  setReady(): void {
    if (this.#ready) return;
    this.#ready = true;
    this.#wake();
  }

  /** The keys touched since the last call. */
  take(): Set<string> {
    const taken = this.#touched;
    this.#touched = new Set();
    this.#touchedMs = Number.POSITIVE_INFINITY;
    return taken;
  }
}
