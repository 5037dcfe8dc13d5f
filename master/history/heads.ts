import { keyOf, startOf, subjectOf, unitSeconds } from "../database/metrics/key.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { Head, headOf } from "./head.ts";

const tenths = 10;

/**
 * Where a time lies: the start of its block in seconds, and the whole tenths of a second from there. Never later than
 * the time itself: what asks for "now" right after a sample finds it.
 */
export function placeOf(ms: number): { start: number; time: number } {
  const all = Math.floor(ms / 100);
  const unit = unitSeconds * tenths;
  const start = Math.floor(all / unit) * unitSeconds;
  return { start, time: all - start * tenths };
}

export const msOf = (start: number, time: number): number => (start * tenths + time) * (1000 / tenths);

/** All blocks in progress, by the key that they will have. */
export class Heads {
  readonly #heads = new Map<number, Head>();
  readonly #changed = new Set<number>();

  get(start: number, subject: number): Head | undefined {
    return this.#heads.get(keyOf(start, subject));
  }

  /** The head for a time of a subject, to be written to. */
  open(start: number, subject: number): Head {
    const key = keyOf(start, subject);
    let head = this.#heads.get(key);
    if (!head) {
      head = new Head();
      this.#heads.set(key, head);
    }
    this.#changed.add(key);
    return head;
  }

  get changed(): boolean {
    return this.#changed.size > 0;
  }

  /** Keys of those that start before a time, the oldest first. */
  keysBefore(seconds: number): number[] {
    return [...this.#heads.keys()].filter((key) => startOf(key) < seconds).sort((a, b) => a - b);
  }

  /** Takes one away that is sealed. */
  close(key: number): void {
    this.#heads.delete(key);
    this.#changed.delete(key);
  }

  /** The start of the oldest; undefined where there is none. */
  oldest(): number | undefined {
    let least: number | undefined;
    for (const key of this.#heads.keys())
      if (least === undefined || startOf(key) < least) least = startOf(key);
    return least;
  }

  /** Where those begin that do at a time or later, in their order. */
  startsFrom(seconds: number): number[] {
    const starts = new Set([...this.#heads.keys()].map(startOf));
    return [...starts].filter((start) => start >= seconds).sort((a, b) => a - b);
  }

  /** Whose begin at a time. */
  subjectsAt(start: number): number[] {
    return [...this.#heads.keys()].filter((key) => startOf(key) === start).map(subjectOf);
  }

  newest(): number | undefined {
    let most: number | undefined;
    for (const key of this.#heads.keys()) if (most === undefined || startOf(key) > most) most = startOf(key);
    return most;
  }

  anyAt(start: number): boolean {
    for (const key of this.#heads.keys()) if (startOf(key) === start) return true;
    return false;
  }

  /** What has come since the last time, by the start of its blocks; `written` once it is in the journal. */
  unwritten(): Map<number, Uint8Array> {
    const writers = new Map<number, ByteWriter>();
    for (const key of this.#changed) {
      const rows = this.#heads.get(key)!.unwritten();
      let to = writers.get(startOf(key));
      if (!to) {
        to = new ByteWriter(4096);
        writers.set(startOf(key), to);
      }
      to.varint(subjectOf(key));
      to.varint(rows.length);
      to.raw(rows);
    }
    return new Map([...writers].map(([start, to]) => [start, to.view()]));
  }

  written(): void {
    for (const key of this.#changed) {
      const head = this.#heads.get(key)!;
      head.journaled = head.size;
    }
    this.#changed.clear();
  }

  /** Takes what the journal has of blocks that start at a time; gives how many of its rows were unreadable. */
  replay(start: number, entries: readonly Uint8Array[]): number {
    const bySubject = new Map<number, ByteWriter>();
    let faults = 0;
    for (const entry of entries) {
      const from = new ByteReader(entry);
      try {
        while (!from.done) {
          const subject = from.varint();
          let rows = bySubject.get(subject);
          if (!rows) {
            rows = new ByteWriter(1024);
            bySubject.set(subject, rows);
          }
          rows.raw(from.raw(from.varint()));
        }
      } catch {
        faults++;
      }
    }
    for (const [subject, rows] of bySubject)
      try {
        this.#heads.set(keyOf(start, subject), headOf(rows.view()));
      } catch {
        faults++;
      }
    return faults;
  }

  /** Bytes of all of them, and how many there are. */
  size(): { heads: number; bytes: number } {
    let bytes = 0;
    for (const head of this.#heads.values()) bytes += head.size;
    return { heads: this.#heads.size, bytes };
  }
}
