import { subjectOf } from "../database/metrics/key.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { eachAmount, type Piece } from "./amounts.ts";
import { headAmounts } from "./head-amounts.ts";
import { runsOf } from "./pieces.ts";
import { SpreadReader } from "./spread.ts";
import type { Tally, TallyParts } from "./tally.ts";
import { tiers } from "./tiers.ts";
import { UpperTails } from "./upper-tails.ts";

const rowsAtOnce = 100;
/** Of no more subjects than these each is looked up; of more everything is read in a row. */
const fewSubjects = 200;
/** Of what was kept before spreads were there is none: of so much of the time there has to be one. */
const enough = 0.9;

export interface PercentilesOf {
  of: "pods" | "workloads" | "nodes";
  column: number;
  /** Of these rows of the sums. */
  rows: readonly number[];
}

/** The 95th percentiles of the time in which there was something, by number, in stored numbers, NaN where it is not known; a step at a time. */
export function* percentiles(
  parts: TallyParts,
  tally: Tally,
  { of, column, rows }: PercentilesOf,
): Generator<void, Map<number, number>> {
  const sums = tally[of];
  const seconds = Float64Array.from(rows, (row) => sums.seconds(row, column));
  const tails = new UpperTails(seconds);
  const covered = new Float64Array(rows.length);
  const placeOf = new Map(rows.map((row, place) => [sums.ids[row]!, place]));
  const subjects = new Map(rows.map((row) => [sums.subjects[row]!.id, sums.subjects[row]!]));
  const place = (id: number, subject: number): number | undefined => {
    if (of !== "pods") return id === column ? placeOf.get(subject) : undefined;
    return id > 1 && id % 2 === column ? placeOf.get(id >> 1) : undefined;
  };
  const take = (subject: number, { data, spread }: Piece) => {
    if (!spread) return;
    const reader = new SpreadReader(spread);
    eachAmount(data, (id, _sum, known, max) => {
      reader.next(max);
      const at = place(id, subject);
      if (at === undefined) return;
      covered[at]! += known;
      for (let one = 0; one < reader.buckets.length; one++)
        tails.add(at, reader.buckets[one]!, reader.shares[one]! * known);
    });
  };
  for (const pieces of stored(parts, tally, subjects)) {
    for (const { subject, piece } of pieces)
      try {
        take(subject, piece);
      } catch (error) {
        parts.failed("reading how what was used is spread", error);
      }
    yield;
  }
  for (const { tier, start } of tally.windows) {
    if (tier > 0) continue;
    for (const subject of subjects.values()) {
      const head = parts.heads.get(start, subject.id);
      if (!head) continue;
      for (const [id, amount] of headAmounts(head, subject, parts.names, column)) {
        const at = place(id, subject.id);
        if (at === undefined || !amount.spread) continue;
        let count = 0;
        for (const one of amount.spread.values()) count += one;
        covered[at]! += amount.seconds;
        for (const [bucket, one] of amount.spread) tails.add(at, bucket, (one / count) * amount.seconds);
      }
      yield;
    }
  }
  const found = new Map<number, number>();
  for (const [at, row] of rows.entries()) {
    if (at % rowsAtOnce === 0) yield;
    const known = covered[at]! >= enough * seconds[at]!;
    found.set(sums.ids[row]!, known ? Math.min(tails.percentile(at), sums.max(row, column)) : Number.NaN);
  }
  return found;
}

/** The pieces of a time of those that are wanted, some at a time. */
function* stored(
  { tables }: TallyParts,
  { windows }: Tally,
  subjects: ReadonlyMap<number, Subject>,
): Generator<{ subject: number; piece: Piece }[]> {
  if (subjects.size <= fewSubjects) {
    for (const { tier, start } of windows)
      yield [...subjects.keys()].flatMap((subject) => {
        const piece = tables.both(tier, start, subject);
        return piece ? [{ subject, piece }] : [];
      });
    return;
  }
  for (const { tier, start, length } of runsOf(windows))
    for (const rows of tables.spreads(tier, start, start + length * tiers[tier]!.span, rowsAtOnce))
      yield rows.flatMap(({ key, ...piece }) =>
        subjects.has(subjectOf(key)) ? [{ subject: subjectOf(key), piece }] : [],
      );
}
