import type { Blocks } from "../database/metrics/blocks.ts";
import { columnsIn, decodeRaw, decodeRolled, type Rolled, type SectionOf, type Wanted } from "./block.ts";
import type { Heads } from "./heads.ts";
import type { Keeper } from "./keeper.ts";
import type { ProcessSample, Samples } from "./samples.ts";
import { type Steps, Sums } from "./sums.ts";
import { rawWindows, Stretches, type Window } from "./stretches.ts";
import { minuteTier, rawTier, tiers } from "./tiers.ts";
import { withTotals } from "./totals.ts";

/** What one line of an answer is made of: columns that take turns, such as those of a pod and of its successor. */
export interface Line {
  ids: readonly number[];
}

export interface Range {
  fromMs: number;
  toMs: number;
  /** 0 for every sample as it is; otherwise whole seconds. */
  stepMs: number;
  /** Only means are needed; the other figures may be the same. */
  mean?: boolean;
}

export interface Found {
  /** Where each step begins, in ms. */
  times: Float64Array;
  lines: Steps[];
  /** What it came to: longer than asked for where nothing finer is kept. */
  stepMs: number;
}

/** A moment whose processes were kept. */
export interface Moment {
  atMs: number;
  /** Of each so long the moment at which most was going on is kept; 0 where each is. */
  everyMs: number;
  processes: ProcessSample[];
}

/** Of so many blocks in a range it is looked which columns they have. */
const lookedInto = 12;
const longMs = 12 * 3_600_000;
/** How many of the coarser values before a range are read along: what begins between two of them needs both. */
export const before = 2;

const nothing: Pick<Rolled, "times" | "columns"> = { times: new Float64Array(0), columns: new Map() };

/** What is in one block of a range; what begins at `until` or later is told by another. */
export interface Piece {
  /** The start of the block, in seconds. */
  start: number;
  /** In seconds. */
  until: number;
  raw?: Samples;
  rolled?: Rolled & { seconds: number };
}

export interface Of {
  subject: number;
  sections: SectionOf;
  /** Whether sums over all columns are asked for. */
  totals: boolean;
}

/** Reads ranges from sealed blocks and from those in progress, from the tier whose steps are near to what is asked. */
export class Query {
  readonly #blocks: Blocks;
  readonly #heads: Heads;
  readonly #keeper: Keeper;
  readonly #stretches: Stretches;
  readonly #failed: (what: string, error: unknown) => void;

  constructor(blocks: Blocks, heads: Heads, keeper: Keeper, failed: (what: string, error: unknown) => void) {
    this.#blocks = blocks;
    this.#heads = heads;
    this.#keeper = keeper;
    this.#stretches = new Stretches(blocks, heads, keeper);
    this.#failed = failed;
  }

  read(of: Of, lines: readonly Line[], range: Range): Found {
    const tier = this.#stretches.tierFor(range);
    const stepMs = tier === 0 ? range.stepMs : Math.max(range.stepMs, tiers[tier]!.seconds * 1000);
    return stepMs === 0
      ? this.#samples(of, lines, range)
      : this.#steps(of, lines, { ...range, stepMs }, tier);
  }

  /**
   * The blocks of a range, in the order of time, each with those of the columns that it has: of a tier as far as that
   * was made and of those below from there on; of coarser ones what is too old for it. A block at a time, so that who
   * reads many can pause in between.
   */
  *pieces(of: Of, ids: ReadonlySet<number>, range: Omit<Range, "stepMs">, tier: number): Generator<Piece> {
    const from = range.fromMs / 1000 - before * tiers[tier]!.seconds;
    const to = range.toMs / 1000;
    const since = this.#stretches.since(tier, to);
    if (from < since && tier + 1 < tiers.length)
      for (const piece of this.pieces(
        of,
        ids,
        { ...range, toMs: Math.min(range.toMs, since * 1000) },
        tier + 1,
      ))
        yield { ...piece, until: Math.min(piece.until, since) };
    for (const window of this.#stretches.windows(
      tier,
      Math.max(from, this.#stretches.oldest(tier) ?? from),
      to,
    ))
      yield* this.#pieceAt(of, { ids, mean: range.mean === true }, window);
  }

  /** The columns that there are in a range, as some of its blocks have them: the ends among them, and those in between. */
  columns(subject: number, range: Range): Set<number> {
    const { fromMs, toMs } = range;
    const tier = this.#stretches.tierFor(range);
    // By minutes there may be nothing but many short blocks: too many to look into.
    const looked = tier === minuteTier && toMs - fromMs > longMs ? minuteTier + 1 : tier;
    // What was there for a minute has one block of a day's.
    const windows = [...this.#stretches.windows(looked, fromMs / 1000, toMs / 1000)]
      .flatMap((one) => (one.fromRaw ? rawWindows(one) : [one]))
      .filter(
        ({ tier, start }) =>
          this.#blocks.has(tier, start, subject) || (tier === 0 && this.#heads.get(start, subject)),
      );
    const every = Math.max(1, Math.ceil(windows.length / lookedInto));
    const found = new Set<number>();
    for (const [at, { tier, start }] of windows.entries()) {
      const inHead = tier === 0 && this.#heads.get(start, subject)?.columns();
      for (const id of inHead || []) found.add(id);
      if ((windows.length - 1 - at) % every !== 0 && at > 0) continue;
      this.#reading(() => {
        const data = this.#blocks.get(tier, start, subject);
        for (const id of data ? columnsIn(data) : []) found.add(id);
      });
    }
    return found;
  }

  /** The moments at which processes were kept in a range, from the finest tier that has any. */
  processes(of: Of, fromMs: number, toMs: number): Moment[] {
    const found: Moment[] = [];
    const wanted = { ids: new Set<number>(), processes: true };
    const tier = this.#stretches.tierFor({ fromMs, toMs, stepMs: 0 });
    for (const window of this.#stretches.windows(tier, fromMs / 1000, toMs / 1000)) {
      const { tier: at, start, until } = window;
      const read = (processes: Samples["processes"]) => {
        for (const one of processes) {
          const atMs = start * 1000 + one.time * 100;
          const everyMs = tiers[at]!.seconds * 1000;
          if (atMs >= fromMs && atMs <= toMs && atMs < until * 1000)
            found.push({ atMs, everyMs, processes: one.processes });
        }
      };
      if (at === rawTier) this.#processesAt(of, start, wanted, read);
      else read(this.#rolledAt(of, window, wanted)?.processes ?? []);
    }
    return found.sort((a, b) => a.atMs - b.atMs);
  }

  #processesAt(of: Of, start: number, wanted: Wanted, read: (processes: Samples["processes"]) => void): void {
    this.#reading(() => {
      const data = this.#blocks.get(rawTier, start, of.subject);
      if (data) read(decodeRaw(data, of.sections, wanted).processes);
    });
    read(this.#heads.get(start, of.subject)?.read().processes ?? []);
  }

  #rolledAt(of: Of, { tier, start, fromRaw }: Window, wanted: Wanted): Rolled | undefined {
    let found: Rolled | undefined;
    this.#reading(() => {
      if (fromRaw) {
        found = this.#keeper.minutes.read(of, start, wanted);
        return;
      }
      const data = this.#blocks.get(tier, start, of.subject);
      if (data) found = decodeRolled(data, of.sections, wanted);
    });
    return found;
  }

  *#pieceAt(of: Of, wanted: { ids: ReadonlySet<number>; mean: boolean }, window: Window): Generator<Piece> {
    const { tier, start, until } = window;
    const found: Piece[] = [];
    if (tier === rawTier) this.#rawAt(of, wanted.ids, start, (raw) => found.push({ start, until, raw }));
    else {
      const rolled = this.#rolledAt(of, window, wanted);
      if (rolled) found.push({ start, until, rolled: { ...rolled, seconds: tiers[tier]!.seconds } });
    }
    yield* found;
  }

  #samples(of: Of, lines: readonly Line[], range: Range): Found {
    const parts: { start: number; first: number; end: number; samples: Samples }[] = [];
    let length = 0;
    this.#raw(of, idsOf(lines), range.fromMs / 1000, range.toMs / 1000, (start, samples) => {
      const { times } = samples;
      let first = 0;
      let end = times.length;
      while (first < end && start * 1000 + times[first]! * 100 < range.fromMs) first++;
      while (end > first && start * 1000 + times[end - 1]! * 100 > range.toMs) end--;
      parts.push({ start, first, end, samples });
      length += end - first;
    });
    const times = new Float64Array(length);
    const values = lines.map(() => new Float64Array(length).fill(Number.NaN));
    let at = 0;
    for (const { start, first, end, samples } of parts) {
      for (let row = first; row < end; row++)
        times[at + row - first] = start * 1000 + samples.times[row]! * 100;
      for (const [number, line] of lines.entries())
        for (const id of line.ids) {
          const column = samples.columns.get(id);
          if (column) put(values[number]!, at, column, first, end);
        }
      at += end - first;
    }
    return { times, lines: values.map((all) => ({ min: all, max: all, avg: all, last: all })), stepMs: 0 };
  }

  #steps(of: Of, lines: readonly Line[], range: Range, tier: number): Found {
    const { stepMs } = range;
    const from = Math.floor(range.fromMs / stepMs) * stepMs;
    const length = Math.max(0, Math.floor((range.toMs - from) / stepMs) + 1);
    const sums = lines.map(() => new Sums(length));
    const ids = idsOf(lines);
    for (const window of this.#stretches.windows(tier, from / 1000, range.toMs / 1000)) {
      const { tier: at, start, until } = window;
      const stepOf = (time: number) => Math.floor((start * 1000 + time * 100 - from) / stepMs);
      if (at === rawTier) {
        this.#rawAt(of, ids, start, ({ times, columns }) => {
          for (const [number, line] of lines.entries())
            for (const id of line.ids) {
              const values = columns.get(id);
              if (!values) continue;
              for (let row = 0; row < times.length; row++) {
                const step = stepOf(times[row]!);
                const value = values[row]!;
                if (step >= 0 && step < length && !Number.isNaN(value))
                  sums[number]!.add(step, value, value, value, value, 1);
              }
            }
        });
        continue;
      }
      const { times, columns } = this.#rolledAt(of, window, { ids, mean: range.mean === true }) ?? nothing;
      for (const [number, line] of lines.entries())
        for (const id of line.ids) {
          const one = columns.get(id);
          if (!one) continue;
          for (let row = 0; row < times.length; row++) {
            const step = stepOf(times[row]!);
            const count = one.count[row]!;
            if (step < 0 || step >= length || count === 0 || times[row]! >= (until - start) * 10) continue;
            const sum = one.avg[row]! * count;
            sums[number]!.add(step, one.min[row]!, one.max[row]!, sum, one.last[row]!, count);
          }
        }
    }
    return {
      times: Float64Array.from({ length }, (_, step) => from + step * stepMs),
      lines: sums.map((one) => one.finish()),
      stepMs,
    };
  }

  #raw(
    of: Of,
    ids: ReadonlySet<number>,
    from: number,
    to: number,
    take: (start: number, s: Samples) => void,
  ) {
    for (const { start } of this.#stretches.windows(0, from, to))
      this.#rawAt(of, ids, start, (samples) => take(start, samples));
  }

  #rawAt(of: Of, ids: ReadonlySet<number>, start: number, take: (samples: Samples) => void): void {
    const whole = (samples: Samples) => take(of.totals ? withTotals(samples) : samples);
    this.#reading(() => {
      const data = this.#blocks.get(0, start, of.subject);
      if (data) whole(decodeRaw(data, of.sections, of.totals ? { processes: false } : { ids }));
    });
    const head = this.#heads.get(start, of.subject);
    if (head) whole(head.read());
  }

  #reading(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#failed("reading a block of metrics", error);
    }
  }
}

function idsOf(lines: readonly Line[]): Set<number> {
  return new Set(lines.flatMap((line) => line.ids));
}

/** Puts a column's rows where no other column of the line has a value. */
function put(into: Float64Array, at: number, column: Float64Array, first: number, end: number): void {
  for (let row = first; row < end; row++)
    if (Number.isNaN(into[at + row - first]!)) into[at + row - first] = column[row]!;
}
