import type { TSchema } from "@sinclair/typebox";

type Clean = (value: unknown) => unknown;

const asIs: Clean = (value) => value;
const cleaners = new WeakMap<TSchema, Clean>();

/**
 * A function that gives a checked value with only what its schema knows: what an older or newer agent adds for
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
    return item === asIs ? asIs : ofArray(item);
  }
  // Maybe(T) is a union of T and null: absent values never get here.
  const variants = (schema.anyOf as TSchema[] | undefined)?.filter((one) => one.type !== "null");
  return variants?.length === 1 ? compile(variants[0]!) : asIs;
}

// Copies are made only where something has to go: what our own agents send is clean already.

function ofArray(item: Clean): Clean {
  return (value) => {
    const from = value as unknown[];
    let to: unknown[] | undefined;
    for (let at = 0; at < from.length; at++) {
      const one = item(from[at]);
      if (one === from[at]) continue;
      to ??= [...from];
      to[at] = one;
    }
    return to ?? from;
  };
}

function ofObject(properties: Record<string, TSchema>): Clean {
  const fields = new Map(Object.entries(properties).map(([name, schema]) => [name, compile(schema)]));
  const isClean = (from: Record<string, unknown>): boolean => {
    for (const name in from) {
      const clean = fields.get(name);
      const one = from[name];
      if (!clean || one === null || (clean !== asIs && clean(one) !== one)) return false;
    }
    return true;
  };
  return (value) => {
    const from = value as Record<string, unknown>;
    if (isClean(from)) return from;
    const to: Record<string, unknown> = {};
    for (const [name, clean] of fields) {
      const one = from[name];
      if (one !== undefined && one !== null) to[name] = clean === asIs ? one : clean(one);
    }
    return to;
  };
}
