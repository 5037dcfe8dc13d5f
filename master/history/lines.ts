import type { AmountTables } from "../database/metrics/amounts.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { eachAmount } from "./amounts.ts";
import { eachHeadAmount, type TakeAmount } from "./head-amounts.ts";
import type { Heads } from "./heads.ts";
import type { Names } from "./names.ts";
import { tiers } from "./tiers.ts";

/** A time of whole pieces may be a little longer than was asked for. */
const hour = 3600 * 1.2;
const day = 24 * hour;
/** No more points than these: a line is some 50 pixels wide. */
const mostPoints = 52;

/** The tier whose pieces are the points of a line over a time. */
export const lineTier = (seconds: number): number =>
  seconds <= 6 * hour ? 0 : seconds <= 7 * day ? 1 : seconds <= 90 * day ? 2 : 3;

export interface LineOf {
  subject: Subject;
  column: number;
}

interface Parts {
  tables: AmountTables;
  rolled: readonly (number | undefined)[];
  /** The finest tier that reaches back to its beginning. */
  finest: number;
  heads: Heads;
  names: Names;
}

/** Means of a column over a time in equal pieces, in stored numbers; NaN where there was nothing. */
export function lineOf(parts: Parts, { subject, column }: LineOf, from: number, to: number): Float64Array {
  const tier = Math.max(lineTier(to - from), parts.finest);
  const { span } = tiers[tier]!;
  const first = Math.floor(from / span);
  const pieces = Math.max(1, Math.floor((to - 1) / span) - first + 1);
  const together = Math.ceil(pieces / mostPoints);
  const sums = new Float64Array(Math.ceil(pieces / together));
  const seconds = new Float64Array(sums.length);
  for (let at = 0; at < pieces; at++) {
    const start = (first + at) * span;
    const point = Math.floor(at / together);
    eachPiece(parts, { tier, start, subject, to }, (id, sum, covered) => {
      if (id !== column) return;
      sums[point]! += sum;
      seconds[point]! += covered;
    });
  }
  return sums.map((sum, at) => (seconds[at]! > 0 ? sum / seconds[at]! : Number.NaN));
}

interface Piece {
  tier: number;
  start: number;
  subject: Subject;
  /** Nothing that begins here or later. */
  to: number;
}

/** What there is of a piece of time: of its own tier, or where that is not made yet, of those below. */
function eachPiece(parts: Parts, { tier, start, subject, to }: Piece, take: TakeAmount): void {
  const end = start + tiers[tier]!.span;
  if (tier === 0 || end <= (parts.rolled[tier] ?? 0)) {
    const data = parts.tables.get(tier, start, subject.id);
    if (data) eachAmount(data, take);
    const head = tier === 0 ? parts.heads.get(start, subject.id) : undefined;
    if (head) eachHeadAmount(head, subject, parts.names, take);
    return;
  }
  const { span } = tiers[tier - 1]!;
  for (let at = start; at < Math.min(end, to); at += span)
    eachPiece(parts, { tier: tier - 1, start: at, subject, to }, take);
}
