import type { Entry } from "../entry.ts";
import { type Column, groupAt, type Missing, type Subject } from "./measured.ts";

/** What has gone is remembered for a day: by then somebody was told, or nobody wants to know. */
const rememberMs = 24 * 3_600_000;
const mostRemembered = 50_000;
/** So many are taken in between turns of others. */
const atOnce = 500;

/** What is to be remembered over a restart: that something is there, is missed since a time, or is forgotten. */
export interface Kept {
  /** The column, or the kind of objects, that it is of. */
  of: string;
  key: string;
  /** Absent: it is forgotten. */
  one?: Missing;
  /** When it was there last, where it is not. */
  goneMs?: number;
}

interface Known extends Missing {
  /** Not there when it was looked at last. */
  gone?: boolean;
  /** From before a start, and not seen since. */
  stored?: boolean;
}

/** What is remembered of one column, or of one kind of objects. */
interface Remembered {
  of: string;
  all: Map<string, Known>;
  /** The rows of the column that was seen last, with what is remembered of each. */
  subjects: readonly Subject[];
  rows: (Known | undefined)[];
  /** What is missed at a time. */
  atMs: number;
  missing: Missing[];
}

/** What was there when it was looked at last: of that alone which somebody asks for. */
export class Memory {
  readonly #all = new Map<string, Remembered>();
  readonly #changed = new Map<string, Kept>();

  /** What is different since this was asked last, to be kept over a restart. */
  changes(): Kept[] {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    return changed;
  }

  /** Forgets all but some columns and kinds. */
  keepOnly(asked: ReadonlySet<string>): void {
    for (const of of this.#all.keys()) if (!asked.has(of)) this.#all.delete(of);
  }

  /** Takes what was kept before a start. What was there then counts from now. */
  restore(kept: readonly Kept[], now: number): void {
    for (const { of, key, one, goneMs } of kept) {
      const { all } = this.#at(of);
      if (one && !all.has(key))
        all.set(key, { ...one, lastMs: goneMs ?? now - 1, gone: goneMs !== undefined, stored: true });
    }
  }

  /**
   * Takes in what a column has now; gives what it had. `fromMs`: nothing is missed for longer than since then.
   * `settleMs`: for so long after that, what is known from before a start may still come.
   */
  *lines(
    key: string,
    column: Column,
    held: readonly Missing[],
    now: number,
    fromMs: number,
    settleMs = 0,
  ): Generator<undefined, readonly Missing[]> {
    const known = this.#at(`values\n${key}`);
    for (const one of held) this.#remind(known, `${keyOf(one.subject)}\n${one.group}`, one);
    if (known.atMs !== now) {
      yield* this.#takeColumn(known, column, now);
      known.missing = this.#missed(known, now, fromMs, settleMs);
    }
    return known.missing;
  }

  /** The same of objects of a kind. */
  objects(
    kind: string,
    entries: ReadonlyMap<string, Entry>,
    held: readonly Missing[],
    now: number,
    fromMs: number,
  ): readonly Missing[] {
    const known = this.#at(`object\n${kind}`);
    for (const one of held) {
      const { namespace, name } = one.subject;
      if (one.subject.kind === kind)
        this.#remind(known, namespace === "" ? name : `${namespace}/${name}`, one);
    }
    if (known.atMs !== now) {
      for (const [key, { namespace, name, node }] of entries) {
        const seen = known.all.get(key);
        if (seen) seen.lastMs = now;
        else
          this.#add(known, key, {
            subject: { kind, namespace, name, node },
            group: "",
            series: "",
            lastMs: now,
          });
      }
      known.missing = this.#missed(known, now, fromMs, 0);
    }
    return known.missing;
  }

  /** It is there again, or not any more. */
  #is(known: Remembered, key: string, one: Known, gone: boolean): void {
    one.gone = gone;
    if (!gone) delete one.stored;
    this.#keep(known, key, one);
  }

  #keep({ of }: Remembered, key: string, one: Known | undefined): void {
    const kept = one ? { one, ...(one.gone ? { goneMs: one.lastMs } : {}) } : {};
    this.#changed.set(`${of}\n\n${key}`, { of, key, ...kept });
  }

  #at(of: string): Remembered {
    let known = this.#all.get(of);
    if (!known) {
      known = { of, all: new Map(), subjects: [], rows: [], atMs: Number.NaN, missing: [] };
      this.#all.set(of, known);
    }
    return known;
  }

  *#takeColumn(known: Remembered, column: Column, now: number): Generator<undefined, void> {
    const { subjects, values, series } = column;
    // The rows of pods stay the same for as long as none comes or goes; those of nodes are made anew.
    if (subjects !== known.subjects) {
      known.subjects = subjects;
      known.rows = new Array(subjects.length);
    }
    for (let row = 0; row < subjects.length; row++) {
      if (Number.isNaN(values[row]!)) continue;
      const seen = known.rows[row];
      if (seen) {
        seen.lastMs = now;
        continue;
      }
      if (row % atOnce === 0) yield;
      const subject = subjects[row]!;
      const group = groupAt(column, row);
      const key = `${keyOf(subject)}\n${group}`;
      const before = known.all.get(key);
      if (before) before.lastMs = now;
      known.rows[row] = before ?? this.#add(known, key, { subject, group, series, lastMs: now });
    }
  }

  /** What was missed before a restart: of that one was told, it is so at once. */
  #remind(known: Remembered, key: string, one: Missing): void {
    const there = known.all.get(key);
    if (there?.stored) {
      delete there.stored;
      known.atMs = Number.NaN;
    } else if (!there && this.#add(known, key, { ...one })) known.atMs = Number.NaN;
  }

  #add(known: Remembered, key: string, one: Missing): Known | undefined {
    if (known.all.size >= mostRemembered) return undefined;
    known.all.set(key, one);
    this.#keep(known, key, one);
    return one;
  }

  #missed(known: Remembered, now: number, fromMs: number, settleMs: number): Missing[] {
    const found: Missing[] = [];
    for (const [key, one] of known.all) {
      if (one.lastMs >= now) {
        if (one.gone || one.stored) this.#is(known, key, one, false);
        continue;
      }
      // What was there before a start may still come: its values do some seconds after the lists.
      if (one.stored && now - fromMs < settleMs) continue;
      if (!one.gone) this.#is(known, key, one, true);
      if (now - one.lastMs > rememberMs) {
        known.all.delete(key);
        this.#keep(known, key, undefined);
      } else {
        const { subject, group, series, lastMs } = one;
        found.push({ subject, group, series, lastMs: Math.max(lastMs, fromMs) });
      }
    }
    known.atMs = now;
    return found;
  }
}

const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;
