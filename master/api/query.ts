import { problem } from "../../wire/problem.ts";

/** A parameter of an address: what it may be, for the check and for the OpenAPI document. */
export interface Parameter<T> {
  readonly description: string;
  readonly schema: Record<string, unknown>;
  /** Throws an Error whose text says what would be right. */
  readonly parse: (text: string) => T;
}

export const text = (description: string): Parameter<string> => ({
  description,
  schema: { type: "string" },
  parse: (value) => value,
});

export const integer = (description: string, min: number, max: number): Parameter<number> => ({
  description,
  schema: { type: "integer", minimum: min, maximum: max },
  parse(value) {
    const number = Number(value);
    if (value.trim() === "" || !Number.isInteger(number) || number < min || number > max)
      throw new Error(`a whole number from ${min} to ${max}`);
    return number;
  },
});

export const choice = <const T extends string>(description: string, choices: readonly T[]): Parameter<T> => ({
  description,
  schema: { type: "string", enum: [...choices] },
  parse(value) {
    if (!(choices as readonly string[]).includes(value)) throw new Error(`one of ${choices.join(", ")}`);
    return value as T;
  },
});

export const flag = (description: string): Parameter<boolean> => ({
  description,
  schema: { type: "boolean" },
  parse(value) {
    if (value !== "true" && value !== "false") throw new Error("true or false");
    return value === "true";
  },
});

const written = /^\d{4}-(\d\d)-(\d\d)([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d))?$/;

/** RFC 3339, or a day alone in UTC; NaN of all else, as a day that there is not or a time of no zone. */
function parseTime(value: string): number {
  const [, month, day] = written.exec(value) ?? [];
  if (month === undefined) return Number.NaN;
  const ofDay = new Date(value.slice(0, 10));
  const real = ofDay.getUTCMonth() + 1 === Number(month) && ofDay.getUTCDate() === Number(day);
  return real ? Date.parse(value.toUpperCase()) : Number.NaN;
}

/** Later, no year has four digits. */
const latestMs = Date.UTC(10_000, 0) - 1;
/** In ms these are within 1970 to 1973, in seconds within 1973 to 5138: whoever writes them means seconds. */
const looksLikeSeconds = (ms: number) => ms >= 1e8 && ms < 1e11;

export const time = (description: string): Parameter<number> => ({
  description,
  schema: { type: "string" },
  parse(value) {
    const digits = /^\d+$/.test(value);
    const ms = digits ? Number(value) : parseTime(value);
    const right = "a time in RFC 3339 or in ms since 1970";
    if (digits && looksLikeSeconds(ms))
      throw new Error(`${right}: ${value} looks like seconds, which would be ${value}000`);
    if (!(ms >= 0 && ms <= latestMs)) throw new Error(`${right}, up to the year 9999`);
    return ms;
  },
});

const durations: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `5m`, `1h`, `7d`, or seconds; in ms. */
export const duration = (description: string): Parameter<number> => ({
  description,
  schema: { type: "string" },
  parse(value) {
    const [, number, unit = "s"] = /^(\d{1,9})([smhd])?$/.exec(value) ?? [];
    if (number === undefined) throw new Error("a duration such as 30s, 5m or 1h, or a number of seconds");
    return Number(number) * durations[unit]!;
  },
});

export type Parameters = Record<string, Parameter<unknown>>;
export type Values<P extends Parameters> = {
  [K in keyof P]?: P[K] extends Parameter<infer T> ? T : never;
};

/** The parameters of an address; 422 that names what would be right on one that is unknown or wrong. */
export function readQuery<P extends Parameters>(url: string, parameters: P): Values<P> {
  const values: Record<string, unknown> = {};
  for (const [name, value] of new URL(url).searchParams) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    const pointer = `/${name.slice(0, 100).replace(/~/g, "~0").replace(/\//g, "~1")}`;
    if (!parameter)
      throw problem(
        422,
        `there is no parameter ${name.slice(0, 100)}: ${Object.keys(parameters).join(", ") || "none is taken"}`,
        { pointer },
      );
    if (value === "") continue;
    try {
      values[name] = parameter.parse(value);
    } catch (error) {
      throw problem(422, `${name} must be ${(error as Error).message}`, { pointer });
    }
  }
  return values as Values<P>;
}
