import type { Parts } from "./column.ts";

/** A column by which another may be written; `back` columns before it. */
export interface Guide {
  back: number;
  lists: readonly Float64Array[];
  /** Whether it goes the other way. */
  unlike: boolean;
}

/** Beyond it differences of differences would be more than can be written. */
const mostGuiding = 2 ** 40;

/** Whether a list may guide others, or be guided: not where all is one number, or out of bounds. */
function canGuide(list: Float64Array): boolean {
  let still = true;
  for (const one of list) {
    if (Math.abs(one) > mostGuiding) return false;
    if (one !== list[0]) still = false;
  }
  return !still;
}

/** Finds for each column in turn the one before it with which it moves, or against which, most closely. */
export class Guides {
  readonly #known: { at: number; runs: string; lists: readonly Float64Array[] }[] = [];

  /** The guide of the column at this place, which then may guide those that follow. */
  next(at: number, { runs, lists }: Parts): Guide | undefined {
    const mine = lists[0]!;
    if (!canGuide(mine)) return undefined;
    const rows = runs.join();
    // By itself it moves by so much: a guide has to leave less.
    let least = 0;
    for (let row = 1; row < mine.length; row++) least += Math.abs(mine[row]! - mine[row - 1]!);
    let best: Guide | undefined;
    for (const known of this.#known) {
      if (known.runs !== rows) continue;
      const { like, unlike } = apartness(mine, known.lists[0]!);
      if (Math.min(like, unlike) >= least) continue;
      least = Math.min(like, unlike);
      best = { back: at - known.at, lists: known.lists, unlike: unlike < like };
    }
    this.#known.push({ at, runs: rows, lists });
    return best;
  }
}

/** By how much two lists move apart from row to row, and by how much their sum moves. */
function apartness(a: Float64Array, b: Float64Array): { like: number; unlike: number } {
  let like = 0;
  let unlike = 0;
  for (let row = 1; row < a.length; row++) {
    const mine = a[row]! - a[row - 1]!;
    const theirs = b[row]! - b[row - 1]!;
    like += Math.abs(mine - theirs);
    unlike += Math.abs(mine + theirs);
  }
  return { like, unlike };
}
