import type { Entry } from "../entry.ts";
import { type Column, groupAt, type Missing, type Subject } from "./measured.ts";

/** What has gone is remembered for a day: by then somebody was told, or nobody wants to know. */
const rememberMs = 24 * 3_600_000;
const mostRemembered = 50_000;

/** What was there when it was looked at last: of that alone which somebody asks for. */
export class Memory {
  readonly #lines = new Map<string, Map<string, Missing>>();
  readonly #objects = new Map<string, Map<string, Missing>>();

  /** Takes in what a column has now; gives what it had. `fromMs`: nothing is missed for longer than since then. */
  *lines(
    key: string,
    column: Column,
    held: readonly Missing[],
    now: number,
    fromMs: number,
  ): Generator<Missing> {
    const known = mapAt(this.#lines, key);
    for (const one of held) remind(known, `${keyOf(one.subject)}\n${one.group}`, one);
    const { subjects, values, series } = column;
    for (let row = 0; row < subjects.length; row++) {
      if (Number.isNaN(values[row]!)) continue;
      const subject = subjects[row]!;
      const group = groupAt(column, row);
      take(known, `${keyOf(subject)}\n${group}`, subject, group, series, now);
    }
    yield* missed(known, now, fromMs);
  }

  /** The same of objects of a kind. */
  *objects(
    kind: string,
    entries: ReadonlyMap<string, Entry>,
    held: readonly Missing[],
    now: number,
    fromMs: number,
  ): Generator<Missing> {
    const known = mapAt(this.#objects, kind);
    for (const one of held) {
      const { namespace, name } = one.subject;
      if (one.subject.kind === kind) remind(known, namespace === "" ? name : `${namespace}/${name}`, one);
    }
    for (const [key, { namespace, name, node }] of entries) {
      const seen = known.get(key);
      if (seen) seen.lastMs = now;
      else take(known, key, { kind, namespace, name, node }, "", "", now);
    }
    yield* missed(known, now, fromMs);
  }
}

const keyOf = ({ kind, namespace, name }: Subject) => `${kind}/${namespace}/${name}`;

function mapAt(all: Map<string, Map<string, Missing>>, key: string): Map<string, Missing> {
  let known = all.get(key);
  if (!known) {
    known = new Map();
    all.set(key, known);
  }
  return known;
}

function take(
  known: Map<string, Missing>,
  key: string,
  subject: Subject,
  group: string,
  series: string,
  now: number,
): void {
  const seen = known.get(key);
  if (seen) seen.lastMs = now;
  else if (known.size < mostRemembered) known.set(key, { subject, group, series, lastMs: now });
}

/** What was missed before a restart. */
function remind(known: Map<string, Missing>, key: string, one: Missing): void {
  if (!known.has(key) && known.size < mostRemembered) known.set(key, { ...one });
}

function* missed(known: Map<string, Missing>, now: number, fromMs: number): Generator<Missing> {
  for (const [key, one] of known) {
    if (one.lastMs >= now) continue;
    if (now - one.lastMs > rememberMs) known.delete(key);
    else yield one.lastMs < fromMs ? { ...one, lastMs: fromMs } : one;
  }
}
