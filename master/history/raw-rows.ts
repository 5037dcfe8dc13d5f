import type { Blocks } from "../database/metrics/blocks.ts";
import { subjectOf } from "../database/metrics/key.ts";
import { decodeRaw } from "./block.ts";
import { type Heads, msOf } from "./heads.ts";
import { type Names, ofNode } from "./names.ts";
import { merge, type Samples } from "./samples.ts";
import { tiers } from "./tiers.ts";
import { totalCpu, totalMemory, withTotals } from "./totals.ts";

/** Every sample as it came, block by block, for who has to have them all. Starts of blocks are in seconds. */
export class RawRows {
  readonly #blocks: Blocks;
  readonly #heads: Heads;
  readonly #names: Names;
  readonly #failed: (what: string, error: unknown) => void;
  /** The time of one block, in seconds. */
  readonly span = tiers[0]!.span;

  constructor(blocks: Blocks, heads: Heads, names: Names, failed: (what: string, error: unknown) => void) {
    this.#blocks = blocks;
    this.#heads = heads;
    this.#names = names;
    this.#failed = failed;
  }

  /** The start of the first block that begins at a time or later; undefined where none does. */
  next(from: number): number | undefined {
    const sealed = this.#blocks.firstStart(0, from);
    const [inProgress] = this.#heads.startsFrom(from);
    return sealed === undefined || (inProgress !== undefined && inProgress < sealed) ? inProgress : sealed;
  }

  /** Whether no block begins later. */
  isLast(start: number): boolean {
    return this.next(start + 1) === undefined;
  }

  /** Whose samples there are in the blocks that begin at a time. */
  subjects(start: number): number[] {
    const sealed = this.#blocks.keys(0, start, start + this.span).map(subjectOf);
    return [...new Set([...sealed, ...this.#heads.subjectsAt(start)])];
  }

  /**
   * The samples of a subject in its block, with the sums of a workload's pods as far as a time, in ms; undefined where it
   * has none.
   */
  read(start: number, subject: number, summedToMs: number): Omit<Samples, "processes"> | undefined {
    let found: Samples | undefined;
    try {
      const data = this.#blocks.get(0, start, subject);
      if (data) found = decodeRaw(data, this.#names.sections(subject), { processes: false });
    } catch (error) {
      this.#failed("reading a block of metrics", error);
    }
    const head = this.#heads.get(start, subject)?.read();
    if (head) found = found ? merge(found, head) : head;
    const of = this.#names.subjects.byID(subject);
    if (!found || !of || ofNode(of)) return found;
    const summed = withTotals(found);
    const { times, columns } = summed;
    const over = times.findIndex((time) => msOf(start, time) > summedToMs);
    if (over >= 0) for (const id of [totalCpu, totalMemory]) columns.get(id)!.fill(Number.NaN, over);
    return summed;
  }
}
