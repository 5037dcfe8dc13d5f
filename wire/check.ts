import type { Static, TSchema } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { problem } from "./problem.ts";

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

/**
 * A decoder for a schema: gives the value back as the schema's type, or throws a 422 that points (RFC 6901)
 * to the first fault. Compiled at first use, so that a service pays only for what it receives.
 */
export function decode<S extends TSchema>(schema: S, value: unknown, at = ""): Static<S> {
  let check = compiled.get(schema);
  if (!check) {
    check = TypeCompiler.Compile(schema) as TypeCheck<TSchema>;
    compiled.set(schema, check);
  }
  if (check.Check(value)) return value as Static<S>;
  const fault = deepest(check.Errors(value));
  throw problem(422, said(fault), { pointer: at + fault.path });
}

/** So many words to choose from are named. */
const mostWords = 30;

/** What would be right, where there are words to choose from: TypeBox itself says that a union was expected. */
function said({ message, schema }: Fault): string {
  const words = schema ? [...new Set(wordsOf(schema))] : [];
  if (words.length === 0 || words.length > mostWords) return message;
  return `must be ${words.length > 1 ? "one of " : ""}${words.join(", ")}`;
}

/** The constants that a value has to be one of; of variants that are objects, those that tell them apart. */
function wordsOf({ const: word, anyOf }: TSchema): string[] {
  if (word !== undefined) return [String(word)];
  const variants: TSchema[] = anyOf ?? [];
  const each = variants.map(wordsOf);
  return each.every((one) => one.length > 0) ? each.flat() : [];
}

interface Fault {
  path: string;
  message: string;
  /** A union's variants are told apart by constants: one that has another is not the one that was meant. */
  schema?: TSchema;
  errors?: Iterable<Iterable<Fault>>;
}

/** Of one variant of a union so many faults are looked at. */
const mostFaults = 50;

/** The first fault, or within a union the one that got furthest in the variant that was meant. */
function deepest(errors: Iterable<Fault>): Fault {
  for (const error of errors) {
    let best = error;
    let bestIsOther = true;
    const constants: Fault[] = [];
    for (const variant of error.errors ?? []) {
      const faults = first(variant, mostFaults);
      const inner = deepest(faults);
      const constant = faults.find(({ schema }) => schema?.const !== undefined);
      if (constant) constants.push(constant);
      const other = constant !== undefined;
      if (inner.path.length <= error.path.length || (other && !bestIsOther)) continue;
      if ((bestIsOther && !other) || inner.path.length > best.path.length) best = inner;
      bestIsOther = other;
    }
    // None was meant: it is the constant that is wrong, and each of theirs would be right.
    const [constant] = constants;
    const none = bestIsOther && constant && constants.every(({ path }) => path === constant.path);
    return none ? { ...constant, schema: { anyOf: constants.map(({ schema }) => schema) } as never } : best;
  }
  return { path: "", message: "of the wrong shape" };
}

function first(faults: Iterable<Fault>, most: number): Fault[] {
  const found: Fault[] = [];
  for (const one of faults) if (found.push(one) >= most) break;
  return found;
}
