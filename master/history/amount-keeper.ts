import type { Database as Sqlite } from "bun:sqlite";
import { backgroundTransaction } from "../database/background-transaction.ts";
import type { AmountTables } from "../database/metrics/amounts.ts";
import {
  type Amounts,
  encodeAmounts,
  encodeSpreads,
  merged,
  mostPods,
  nodeAmounts,
  type Piece,
  workloadAmounts,
} from "./amounts.ts";
import { type Names, ofNode } from "./names.ts";
import type { Samples } from "./samples.ts";
import { startIn, tiers } from "./tiers.ts";

/** What comes later than this after the end of a piece is put in when it is made already. */
const graceSeconds = 60;
/** Subjects that are written together. */
const atOnce = 20;
/** A time of six hours begins with a piece of ten minutes; for all that is longer ago those of two hours do. */
const finestKept = 8 * 3600;
const prunedAtOnce = 500;

interface Parts {
  sqlite: Sqlite;
  tables: AmountTables;
  names: Names;
  failed: (what: string, error: unknown) => void;
}

/** Keeps what each subject used, in pieces as long as blocks are, each made of those below, whenever blocks are. */
export class AmountKeeper {
  /** Up to where the pieces of each length were made, in seconds. */
  readonly rolled: (number | undefined)[];
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.rolled = parts.tables.rolled();
  }

  /** What samples of a subject come to; nothing of a cluster as a whole. */
  of(subject: number, samples: Samples): Amounts {
    const { names } = this.#parts;
    const found = names.subjects.byID(subject);
    if (!found || found.kind === "Cluster") return new Map();
    return ofNode(found) ? nodeAmounts(samples, (id) => names.series.byID(id)) : workloadAmounts(samples);
  }

  /** Of a block that is sealed. Part of the caller's transaction. */
  sealed(start: number, subject: number, samples: Samples): void {
    this.#put(0, start, subject, this.of(subject, samples));
    // Late: what was made of it is made again.
    for (let tier = 1; tier < tiers.length && start < (this.rolled[tier] ?? 0); tier++)
      this.#make(tier, startIn(tier, start), subject);
  }

  /** Makes longer pieces of shorter ones, a step at a time; `oldest` is the start of the oldest block in progress. */
  *round(now: number, oldest: number | undefined): Generator<void> {
    for (let tier = 1; tier < tiers.length; tier++) yield* this.#roll(tier, now, oldest);
    const { tables } = this.#parts;
    const before = startIn(0, Math.min(now - finestKept, this.rolled[1] ?? 0));
    if ((tables.first(0) ?? now) >= before) return;
    this.#write(() => tables.pruneBefore(0, before, prunedAtOnce));
    yield;
  }

  *#roll(tier: number, now: number, oldest = Number.POSITIVE_INFINITY): Generator<void> {
    const { tables } = this.#parts;
    const { span } = tiers[tier]!;
    for (;;) {
      const first = tables.first(tier - 1, this.rolled[tier]);
      if (first === undefined) return;
      const start = startIn(tier, first);
      const end = start + span;
      const ready = tier === 1 ? now - graceSeconds : (this.rolled[tier - 1] ?? 0);
      if (end > ready || (tier === 1 && oldest < end && now < end + span)) return;
      const subjects = new Set<number>();
      for (let at = start; at < end; at += tiers[tier - 1]!.span) {
        for (const subject of tables.subjects(tier - 1, at)) subjects.add(subject);
        yield;
      }
      const all = [...subjects];
      // Not in one transaction: what is done twice after a kill is the same again.
      for (let at = 0; at < all.length; at += atOnce) {
        this.#write(() => {
          for (const subject of all.slice(at, at + atOnce)) this.#make(tier, start, subject);
        });
        yield;
      }
      this.#write(() => tables.setRolled(tier, end));
      this.rolled[tier] = end;
    }
  }

  #make(tier: number, start: number, subject: number): void {
    const pieces: Piece[] = [];
    for (let at = start; at < start + tiers[tier]!.span; at += tiers[tier - 1]!.span) {
      const piece = this.#parts.tables.both(tier - 1, at, subject);
      if (piece) pieces.push(piece);
    }
    try {
      this.#put(tier, start, subject, merged(pieces, tier > 1 ? mostPods : undefined));
    } catch (error) {
      this.#parts.failed("reading what was used", error);
    }
  }

  #put(tier: number, start: number, subject: number, amounts: Amounts): void {
    if (amounts.size === 0) return;
    this.#parts.tables.put(tier, start, subject, encodeAmounts(amounts), encodeSpreads(amounts));
  }

  #write(work: () => void): void {
    backgroundTransaction(this.#parts.sqlite, work);
  }
}
