import type { Blocks } from "../database/metrics/blocks.ts";
import { keyOf, startOf, subjectOf } from "../database/metrics/key.ts";
import { decodeRaw, decodeRolled, type Rolled, type Wanted } from "./block.ts";
import type { Of } from "./query.ts";
import type { Roller } from "./roller.ts";
import { Rollup } from "./rollup.ts";
import { minuteTier, rawTier, startIn, tiers } from "./tiers.ts";
import { withTotals } from "./totals.ts";

/** Held in memory: a day of 35 nodes of 75 series. */
const mostBytes = 8 * 2 ** 20;
/** What was read within this stays, and what would take its place is read without being held. */
const inUseMs = 10 * 60_000;
const mostAsked = 4000;

interface Parts {
  blocks: Blocks;
  roller: Roller;
  /** Reads a block; what cannot be read is told of, and missing. */
  reading(read: () => void): void;
}

/**
 * Minutes of the time for which everything is there as it came, from that. What is asked for is made whole in the
 * background and held in memory, since pages that are looked at ask again: reading takes a seventh of the time then.
 */
export class Minutes {
  readonly #parts: Parts;
  /** Blocks as those in the database, what was read last at the end. */
  readonly #held = new Map<number, { data: Uint8Array; usedMs: number }>();
  readonly #asked = new Set<number>();
  #bytes = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What a block of minutes that starts at a time would tell; nothing where nothing came. */
  read(of: Of, start: number, wanted: Wanted): Rolled | undefined {
    const key = keyOf(start, of.subject);
    const held = this.#held.get(key);
    if (held) {
      this.#held.delete(key);
      this.#held.set(key, { ...held, usedMs: performance.now() });
      return decodeRolled(held.data, of.sections, wanted);
    }
    if (this.#asked.size < mostAsked) this.#asked.add(key);
    return this.#rolled(of, start, wanted);
  }

  /** What came late for a time is not in what was made of it. */
  forget(start: number, subject: number): void {
    const key = keyOf(startIn(minuteTier, start), subject);
    this.#bytes -= this.#held.get(key)?.data.length ?? 0;
    this.#held.delete(key);
  }

  /** Makes what was asked for, a step at a time. */
  *round(): Generator<void> {
    for (const key of this.#asked) {
      this.#asked.delete(key);
      if (!this.#room()) continue;
      const data = yield* this.#parts.roller.minutes(startOf(key), subjectOf(key));
      if (data) {
        this.forget(startOf(key), subjectOf(key));
        this.#held.set(key, { data, usedMs: performance.now() });
        this.#bytes += data.length;
      }
      yield;
    }
  }

  /** Lets go of what nobody reads any more; tells whether there is room for one more. */
  #room(): boolean {
    for (const [key, { usedMs }] of this.#held) {
      if (this.#bytes < mostBytes) break;
      if (performance.now() - usedMs < inUseMs) return false;
      this.forget(startOf(key), subjectOf(key));
    }
    return true;
  }

  #rolled({ subject, sections, totals }: Of, start: number, { ids, processes }: Wanted): Rolled | undefined {
    const { blocks, reading } = this.#parts;
    const { span, seconds } = tiers[minuteTier]!;
    const wanted: Wanted = { ...(totals || !ids ? {} : { ids }), processes: processes === true };
    const rollup = new Rollup(seconds * 10, span / seconds);
    for (let at = start; at < start + span; at += tiers[rawTier]!.span) {
      const data = blocks.get(rawTier, at, subject);
      if (!data) continue;
      reading(() => {
        const samples = decodeRaw(data, sections, wanted);
        const { columns } = totals ? withTotals(samples) : samples;
        const picked = ids ? new Map([...columns].filter(([id]) => ids.has(id))) : columns;
        rollup.addSamples({ ...samples, columns: picked }, (at - start) * 10);
      });
    }
    const rolled = rollup.finish();
    return rolled.times.length + rolled.processes.length > 0 ? rolled : undefined;
  }
}
