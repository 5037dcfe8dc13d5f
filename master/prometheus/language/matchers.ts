import { badData } from "../fault.ts";
import { Pattern } from "../pattern/pattern.ts";

/** What a selector asks of one label; a label that is not there is empty. */
export interface Matcher {
  label: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
  /** Of a regular expression, how much there is to follow for each character. */
  size: number;
  matches(value: string): boolean;
}

export function matcher(label: string, op: string, value: string): Matcher {
  switch (op) {
    case "=":
      return { label, op, value, size: 0, matches: (text) => text === value };
    case "!=":
      return { label, op, value, size: 0, matches: (text) => text !== value };
    case "=~":
    case "!~": {
      const pattern = patternOf(value);
      const wanted = op === "=~";
      return { label, op, value, size: pattern.size, matches: (text) => pattern.test(text) === wanted };
    }
    default:
      throw badData(`there is no matcher ${op}: one of =, !=, =~, !~`);
  }
}

/** `grouped`: it is asked for its groups. */
export function patternOf(text: string, grouped = false): Pattern {
  try {
    const pattern = new Pattern(text);
    return grouped ? pattern.groups() : pattern;
  } catch (error) {
    throw badData(
      `invalid regular expression ${JSON.stringify(text.slice(0, 200))}: ${(error as Error).message}`,
    );
  }
}
