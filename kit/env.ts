/**
 * Reading a service's environment: every variable is declared once, with its default and a line of help,
 * and all faults are told together. The same table makes the text of `--help`.
 */

/** A variable: its name, default (as it would be written in the environment), help line and parser. */
export interface Variable<T> {
  readonly name: string;
  readonly fallback: string;
  readonly help: string;
  /** Throws an Error whose message says what would be right; it is prefixed with the variable's name. */
  readonly parse: (text: string) => T;
  /** The value is a credential: `--help` and faults never show it. */
  readonly secret: boolean;
}

export type Environment = Record<string, string | undefined>;

export class ConfigError extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** A variable of any other shape, by its parser. */
export const variable =
  <T>(parse: (text: string) => T, secret = false) =>
  (name: string, fallback: string, help: string): Variable<T> => ({ name, fallback, help, parse, secret });

export const text = variable((value) => value);
export const secret = variable((value) => value, true);

export const port = variable((value) => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw new Error("must be a port, 0 to 65535");
  return number;
});

/** A whole number within bounds. */
export const integer = (min: number, max: number) =>
  variable((value) => {
    const number = Number(value);
    if (value.trim() === "" || !Number.isInteger(number) || number < min || number > max)
      throw new Error(`must be a whole number from ${min} to ${max}`);
    return number;
  });

export const boolean = variable((value) => {
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off|)$/i.test(value)) return false;
  throw new Error("must be true or false");
});

const durationUnits: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration such as `500ms`, `5s`, `10m`, `12h`, `30d`; in milliseconds, within bounds given the same way. */
export const duration = (min: string, max: string) =>
  variable((value) => {
    const ms = parseDuration(value);
    if (ms === undefined || ms < parseDuration(min)! || ms > parseDuration(max)!)
      throw new Error(`must be a duration from ${min} to ${max}, such as 5s or 10m`);
    return ms;
  });

function parseDuration(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim());
  return match ? Number(match[1]) * durationUnits[match[2]!]! : undefined;
}

const byteUnits: Record<string, number> = { "": 1, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** An amount of memory or disk such as `512Mi` or `2Gi`; in bytes. */
export const bytes = variable((value) => {
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|)$/.exec(value.trim());
  if (!match) throw new Error("must be an amount of bytes such as 512Mi or 2Gi");
  return Math.round(Number(match[1]) * byteUnits[match[2]!]!);
});

/** An http or https address without a trailing slash; empty where the fallback is empty. */
export const httpUrl = variable((value) => {
  if (value === "") return "";
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new Error("must be an address such as http://127.0.0.1:8080");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new Error("must start with http:// or https://");
  if (url.username !== "" || url.password !== "") throw new Error("must not carry a user name or password");
  return value.replace(/\/+$/, "");
});

/** Words with commas or spaces between them. */
export const wordsOf = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== "");
export const words = variable(wordsOf);

export const oneOf = <const T extends string>(...choices: T[]) =>
  variable((value) => {
    if (!(choices as string[]).includes(value)) throw new Error(`must be one of ${choices.join(", ")}`);
    return value as T;
  });

type Table = Record<string, Variable<unknown>>;
type Values<V extends Table> = { [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

/**
 * The values of a table of variables in an environment. An empty variable counts as not set.
 * Throws a ConfigError that names every fault.
 */
export function readEnvironment<V extends Table>(table: V, environment: Environment): Values<V> {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(table)) {
    const given = environment[one.name];
    const value = given === undefined || given === "" ? one.fallback : given;
    try {
      values[key] = one.parse(value);
    } catch (error) {
      const shown = one.secret ? "" : ` (it is ${JSON.stringify(value)})`;
      faults.push(`${one.name} ${(error as Error).message}${shown}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return values as Values<V>;
}

/** The lines of `--help` for a table of variables. */
export function describeEnvironment(table: Table): string {
  const width = Math.max(...Object.values(table).map((one) => one.name.length));
  return Object.values(table)
    .map(
      (one) =>
        `  ${one.name.padEnd(width)}  ${one.help} (default: ${one.fallback === "" ? "none" : one.fallback})`,
    )
    .join("\n");
}
