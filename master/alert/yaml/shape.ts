import type { TSchema } from "@sinclair/typebox";

/**
 * How the shapes of rules are written in YAML: as they are in the API, with durations in words (`forMs: 300000` is
 * `for: 5m`), and shares as percents. It goes by the schemas, so that what is new in a rule is in files, too.
 */
export const isDuration = (name: string): boolean => name.endsWith("Ms");
export const writtenName = (name: string): string => (isDuration(name) ? name.slice(0, -2) : name);

/** The words of a choice; undefined for what is none. */
export function choicesOf(schema: TSchema): string[] | undefined {
  if (typeof schema.const === "string") return [schema.const];
  const choices = (schema.anyOf as TSchema[] | undefined)?.map((one) => one.const);
  return choices?.every((one): one is string => typeof one === "string") ? choices : undefined;
}

/** Of a choice between shapes that their `type` tells apart: those by it. */
export function variantsOf(schema: TSchema): Map<string, TSchema> | undefined {
  const all = schema.anyOf as TSchema[] | undefined;
  if (!all?.every((one) => typeof one.properties?.type?.const === "string")) return undefined;
  return new Map(all.map((one) => [one.properties.type.const as string, one]));
}

/** What the names of a map, such as that of labels, have to look like, and its values. */
export function entriesOf(schema: TSchema): [pattern: string, value: TSchema] | undefined {
  const [found] = Object.entries((schema.patternProperties ?? {}) as Record<string, TSchema>);
  return found;
}

/** What a rule has where a file does not say it; by the place within the rule. */
export const usual: Readonly<Record<string, unknown>> = {
  "/enabled": true,
  "/severity": "warning",
  "/forMs": 0,
  "/keepMs": 60_000,
  "/scope": {},
  "/labels": {},
  "/annotations": { summary: "{{ kind }} {{ name }}: {{ message }}", description: "" },
  "/annotations/summary": "{{ kind }} {{ name }}: {{ message }}",
  "/annotations/description": "",
};
