import type { Labels, MatcherView } from "../../views/alert-model.ts";
import { problem } from "../../wire/problem.ts";
import { Pattern } from "../prometheus/pattern/pattern.ts";

/**
 * Names an alert by its rule and what it is about: nothing that changes while it lasts may stand in it, or it would
 * be another alert.
 */
export function fingerprint(rule: string, subject: Labels): string {
  const sorted = Object.entries(subject)
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Bun.CryptoHasher("sha256")
    .update(JSON.stringify([rule, sorted]))
    .digest("hex")
    .slice(0, 16);
}

const mostMatchers = 20;
const written = /^\s*([A-Za-z_][\w./-]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s][^,"]*?))\s*(?:,|$)/;

/** Matchers as Alertmanager writes them: `namespace="shop", severity!=info, name=~"web-.*"`. 422 where one is wrong. */
export function parseMatchers(text: string, pointer = "/matchers"): MatcherView[] {
  const found: MatcherView[] = [];
  let rest = text
    .replace(/\n/g, ",")
    .replace(/(\s*,)+/g, ",")
    .replace(/^\s*,/, "")
    .trim();
  while (rest !== "") {
    const match = written.exec(rest);
    if (!match)
      throw problem(422, `matchers are written as name="value": ${rest.slice(0, 50)} is not`, { pointer });
    const [all, name = "", op = "=", quoted, bare] = match;
    found.push({ name, op: op as MatcherView["op"], value: quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "" });
    rest = rest.slice(all.length).trim();
  }
  return checkMatchers(found, pointer);
}

export function checkMatchers(matchers: readonly MatcherView[], pointer = "/matchers"): MatcherView[] {
  if (matchers.length > mostMatchers) throw problem(422, `at most ${mostMatchers} matchers`, { pointer });
  for (const { name, op, value } of matchers) {
    if (!/^[A-Za-z_][\w./-]{0,100}$/.test(name) || value.length > 300)
      throw problem(422, "a matcher has a label's name and a value of at most 300 characters", { pointer });
    if (op === "=~" || op === "!~") regular(value, pointer);
  }
  return [...matchers];
}

/**
 * Whether all matchers hold. A label that is not there counts as empty, as in Alertmanager; regular expressions have
 * to match the whole value.
 */
export function matches(matchers: readonly MatcherView[], labels: Labels): boolean {
  return matchers.every(({ name, op, value }) => {
    // Also where a label is called as what every object has.
    const has = (Object.hasOwn(labels, name) && labels[name]) || "";
    if (op === "=") return has === value;
    if (op === "!=") return has !== value;
    return (compiled(value)?.test(has) ?? false) === (op === "=~");
  });
}

export const matcherText = ({ name, op, value }: MatcherView): string =>
  `${name}${op}"${value.replace(/["\\]/g, "\\$&")}"`;

const known = new Map<string, Pick<Pattern, "test"> | undefined>();
const mostCharacters = 200;
const mostSteps = 1000;

/**
 * Matchers are looked at with each alert, in the loop in which everything else waits, and JavaScript's engine can be kept
 * busy without end (`(.|.)(.|.)…`). It has what cannot: no groups, and one repetition at most; our own machine the rest.
 */
function compiled(value: string): Pick<Pattern, "test"> | undefined {
  if (known.size > 1000) known.clear();
  if (!known.has(value)) {
    try {
      const pattern = new Pattern(value);
      const simple = !value.includes("(") && (value.match(/[*+?{]/g)?.length ?? 0) <= 1;
      known.set(value, simple ? new RegExp(`^(?:${value})$`, "su") : pattern);
      if (pattern.size > mostSteps) known.set(value, undefined);
    } catch {
      known.set(value, undefined);
    }
  }
  return known.get(value);
}

function regular(value: string, pointer: string): void {
  if (value.length <= mostCharacters && compiled(value)) return;
  const why =
    value.length > mostCharacters ? `more than ${mostCharacters} characters` : (faultOf(value) ?? "too long");
  throw problem(422, `the regular expression ${value.slice(0, 50)} is not taken: ${why}`, { pointer });
}

function faultOf(value: string): string | undefined {
  try {
    new Pattern(value);
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
  return undefined;
}
