import { createHash } from "node:crypto";
import type { RemoteWriteMark } from "../../database/metrics/remote-write.ts";
import { ByteReader, ByteWriter } from "../../history/bytes.ts";

/** Where progress is kept, so that what a store has not answered for is sent after a kill too. */
export interface ProgressStore {
  get(): RemoteWriteMark | undefined;
  put(mark: RemoteWriteMark): void;
}

/** Which store a mark is of: nothing of its address can be read back, nor does a new password make another of it. */
export function targetOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return createHash("sha256").update(`${origin}${pathname}`).digest("hex").slice(0, 32);
}

const tenthMs = 100;

/** Up to which time the store has answered for the samples of each subject, taken or refused. */
export class Progress {
  readonly #store: ProgressStore;
  readonly #target: string;
  readonly #reached = new Map<number, number>();
  /** Subjects of which that is surely all; undefined where it is so of each. */
  #sure: Set<number> | undefined;
  #changed = false;
  #floorMs: number;

  /** Begins now where the store is another than before. */
  constructor(store: ProgressStore, target: string, nowMs: number) {
    this.#store = store;
    this.#target = target;
    // The history keeps samples at the beginning of their tenth of a second, which may be before now.
    this.#floorMs = Math.floor(nowMs / tenthMs) * tenthMs - 1;
    const before = store.get();
    if (before?.target !== target) {
      this.#changed = true;
      this.write();
      return;
    }
    this.#floorMs = before.floorMs;
    const from = new ByteReader(before.subjects);
    for (let subject = 0; !from.done; ) {
      subject += from.varint();
      this.#reached.set(subject, before.floorMs + from.varint());
    }
    this.#sure = new Set();
    this.clockIs(nowMs);
  }

  /** Everything up to here has been answered for, of all subjects. */
  get floorMs(): number {
    return this.#floorMs;
  }

  of(subject: number): number {
    return this.#reached.get(subject) ?? this.#floorMs;
  }

  /**
   * Whether the store may have more of a subject than is known of here: what is known is from before the start, and a
   * kill may have come between an answer and its note.
   */
  mayHaveMore(subject: number): boolean {
    return this.#sure !== undefined && !this.#sure.has(subject);
  }

  /** The store has no more of a subject than is known of, or of none. */
  hasNoMore(subject?: number): void {
    if (subject === undefined) this.#sure = undefined;
    else this.#sure?.add(subject);
  }

  reached(subject: number, ms: number): void {
    if (ms <= this.of(subject)) return;
    this.#reached.set(subject, ms);
    this.#changed = true;
  }

  /** Everything up to a time has been answered for. */
  raiseFloor(ms: number): void {
    if (ms <= this.#floorMs) return;
    this.#floorMs = ms;
    for (const [subject, reached] of this.#reached) if (reached <= ms) this.#reached.delete(subject);
    this.#changed = true;
  }

  /** A floor that lies ahead is of a clock that has been set back: nothing of what comes from now on is answered for. */
  clockIs(ms: number): void {
    if (ms >= this.#floorMs) return;
    this.#floorMs = ms;
    this.#reached.clear();
    this.#changed = true;
  }

  /** Writes it down, if there is anything new. */
  write(): void {
    if (!this.#changed) return;
    const subjects = new ByteWriter(16 * this.#reached.size + 64);
    let before = 0;
    for (const subject of [...this.#reached.keys()].sort((a, b) => a - b)) {
      subjects.varint(subject - before);
      subjects.varint(this.#reached.get(subject)! - this.#floorMs);
      before = subject;
    }
    this.#store.put({ target: this.#target, floorMs: this.#floorMs, subjects: subjects.view() });
    this.#changed = false;
  }
}
