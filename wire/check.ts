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
  throw problem(422, fault.message, { pointer: at + fault.path });
}

type Fault = { path: string; message: string; errors?: Iterable<Iterable<Fault>> };

/** The first fault, or within a union the one that got furthest, since that names what the sender meant. */
function deepest(errors: Iterable<Fault>): { path: string; message: string } {
  for (const error of errors) {
    let best = { path: error.path, message: error.message };
    for (const variant of error.errors ?? []) {
      const inner = deepest(variant);
      if (inner.path.length > best.path.length) best = inner;
    }
    return best;
  }
  return { path: "", message: "of the wrong shape" };
}
