import type { Json } from "./operation.ts";

type Fields = { [key: string]: Json };
const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON merge patch (RFC 7396) that makes the one object the other; undefined where they are the same. */
export function mergePatch(from: Json | undefined, to: Json): Json | undefined {
  if (!isFields(from) || !isFields(to)) return Bun.deepEquals(from, to, true) ? undefined : to;
  const patch: Fields = {};
  for (const key of Object.keys(from)) if (to[key] === undefined) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const change = mergePatch(from[key], value);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
