import type { TSchema } from "@sinclair/typebox";

type Clean = (value: unknown) => unknown;

const asIs: Clean = (value) => value;
const cleaners = new WeakMap<TSchema, Clean>();

/**
 * A function that copies a checked value with only what its schema knows: what an older or newer agent adds for
 * display (`age`, `cpuReadable`) and what must not be kept (values of environment variables) is gone before
 * anything else sees it. `null`, as AtlHyper 1.x writes empty lists, counts as absent.
 */
export function cleaner(schema: TSchema): Clean {
  let clean = cleaners.get(schema);
  if (!clean) {
    clean = compile(schema);
    cleaners.set(schema, clean);
  }
  return clean;
}

function compile(schema: TSchema): Clean {
  if (schema.type === "object" && schema.properties) return ofObject(schema.properties);
  if (schema.type === "array") {
    const item = compile(schema.items);
    return item === asIs ? asIs : (value) => (value as unknown[]).map(item);
  }
  // Maybe(T) is a union of T and null: absent values never get here.
  const variants = (schema.anyOf as TSchema[] | undefined)?.filter((one) => one.type !== "null");
  return variants?.length === 1 ? compile(variants[0]!) : asIs;
}

function ofObject(properties: Record<string, TSchema>): Clean {
  const fields = Object.entries(properties).map(([name, schema]) => [name, compile(schema)] as const);
  return (value) => {
    const from = value as Record<string, unknown>;
    const to: Record<string, unknown> = {};
    for (const [name, clean] of fields) {
      const one = from[name];
      if (one !== undefined && one !== null) to[name] = clean === asIs ? one : clean(one);
    }
    return to;
  };
}
