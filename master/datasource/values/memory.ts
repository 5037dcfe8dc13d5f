import type { Entry } from "../entry.ts";
import { type Column, groupAt, type Missing, type Subject } from "./measured.ts";

/** What has gone is remembered for a day: by then somebody was told, or nobody wants to know. */
const rememberMs = 24 * 3_600_000;
const mostRemembered = 50_000;

/** What is remembered of one column, or of one kind of objects. */
interface Remembered {
  all: Map<string, Missing>;
  /** The rows of the column that was seen last, with what is remembered of each. */
  subjects: readonly Subject[];
  rows: (Missing | undefined)[];
  /** What is missed at a time. */
  atMs: number;
  missing: Missing[];
}

/** What was there when it was looked at last: of that alone which somebody asks for. */
export class Memory {
  readonly #columns = new Map<string, Remembered>();
  readonly #objects = new Map<string, Remembered>();

  /** Takes in what a column has now; gives what it had. `fromMs`: nothing is missed for longer than since then. */
  lines(
    key: string,
    column: Column,
    held: readonly Missing[],
    now: number,
    fromMs: number,
  ): readonly Missing[] {
    const known = at(this.#columns, key);
    for (const one of held) remind(known, `${keyOf(one.subject)}\n${one.group}`, one);
    if (known.atMs !== now) {
      takeColumn(known, column, now);
      known.missing = missed(known, now, fromMs);
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
    const known = at(this.#objects, kind);
    for (const one of held) {
      const { namespace, name } = one.subject;
      if (one.subject.kind === kind) remind(known, namespace === "" ? name : `${namespace}/${name}`, one);
    }
    if (known.atMs !== now) {
      for (const [key, { namespace, name, node }] of entries) {
        const seen = known.all.get(key);
        if (seen) seen.lastMs = now;
        else
          add(known, key, { subject: { kind, namespace, name, node }, group: "", series: "", lastMs: now });
      }
      known.missing = missed(known, now, fromMs);
    }
    return known.missing;
  }
}

const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;

function at(all: Map<string, Remembered>, key: string): Remembered {
  let known = all.get(key);
  if (!known) {
    known = { all: new Map(), subjects: [], rows: [], atMs: Number.NaN, missing: [] };
    all.set(key, known);
  }
  return known;
}

function takeColumn(known: Remembered, column: Column, now: number): void {
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
    const subject = subjects[row]!;
    const group = groupAt(column, row);
    const key = `${keyOf(subject)}\n${group}`;
    const before = known.all.get(key);
    if (before) before.lastMs = now;
    known.rows[row] = before ?? add(known, key, { subject, group, series, lastMs: now });
  }
}

/** What was missed before a restart. */
function remind(known: Remembered, key: string, one: Missing): void {
  if (!known.all.has(key) && add(known, key, { ...one })) known.atMs = Number.NaN;
}

function add(known: Remembered, key: string, one: Missing): Missing | undefined {
  if (known.all.size >= mostRemembered) return undefined;
  known.all.set(key, one);
  return one;
}

function missed(known: Remembered, now: number, fromMs: number): Missing[] {
  const found: Missing[] = [];
  for (const [key, one] of known.all) {
    if (one.lastMs >= now) continue;
    if (now - one.lastMs > rememberMs) known.all.delete(key);
    else found.push(one.lastMs < fromMs ? { ...one, lastMs: fromMs } : { ...one });
  }
  known.atMs = now;
  return found;
}
