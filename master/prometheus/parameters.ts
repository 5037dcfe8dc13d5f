import { badData } from "./fault.ts";
import { durationOf } from "./language/literals.ts";
import type { Matcher } from "./language/matchers.ts";
import { Allowance, parseSelector } from "./language/parse.ts";

const dayMs = 86_400_000;
const mostSelectors = 100;

/** The parameters of a request: those of a form's body count before those of the address. */
export class Given {
  readonly #all: readonly URLSearchParams[];

  constructor(...all: URLSearchParams[]) {
    this.#all = all;
  }

  text(name: string): string | undefined {
    for (const one of this.#all) if (one.get(name)) return one.get(name)!;
    return undefined;
  }

  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw badData(`invalid parameter ${JSON.stringify(name)}: it is missing`);
    return text;
  }

  /** A time in seconds since 1970 or as RFC 3339, in ms. */
  time(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text);
    if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15)
      throw badData(
        `invalid parameter ${JSON.stringify(name)}: cannot parse ${shown(text)} to a valid timestamp`,
      );
    return ms;
  }

  /** `30s`, or seconds, in ms. */
  duration(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = durationOf(text) ?? Math.round(Number(text) * 1000);
    if (!Number.isSafeInteger(ms))
      throw badData(
        `invalid parameter ${JSON.stringify(name)}: cannot parse ${shown(text)} to a valid duration`,
      );
    return ms;
  }

  /** How many are wanted; undefined for all. */
  limit(name = "limit"): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text))
      throw badData(`invalid parameter ${JSON.stringify(name)}: ${name} must be a whole number`);
    return Number(text) || undefined;
  }

  /** The selectors of which any has to match; none: everything does. */
  selectors(): (readonly Matcher[])[] {
    const all = this.#all.flatMap((one) => one.getAll("match[]"));
    if (all.length > mostSelectors) throw badData(`match[] may be there ${mostSelectors} times at most`);
    const allowance = new Allowance();
    return all.map((one) => parseSelector(one, allowance));
  }

  /** The range in which series are looked for; the last day where none is given. */
  range(nowMs: number): { fromMs: number; toMs: number } {
    const toMs = this.time("end") ?? nowMs;
    const fromMs = this.time("start") ?? Math.min(toMs, nowMs) - dayMs;
    if (toMs < fromMs) throw badData('invalid parameter "end": end timestamp must not be before start time');
    // Some clients mean all of the past by a beginning of 0, and by an end far ahead all that is to come.
    return { fromMs: Math.max(0, fromMs), toMs: Math.min(toMs, nowMs + dayMs) };
  }
}

const shown = (text: string) => JSON.stringify(text.slice(0, 100));
