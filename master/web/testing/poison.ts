import type { TSchema } from "@sinclair/typebox";
import type { Row } from "../../../views/model.ts";
import { type ItemOf, type KindKey, keyOf, kinds } from "../../../wire/kinds.ts";

/** What a hostile cluster would put into every field: out of attributes, into elements, into scripts. */
export const poison = `'"><img src=x onerror=alert(1)></script><script>alert(2)</script>{{7*7}}\u202e`;

/** A value of a schema in which every string, and every key of a map, is the poison. */
export function poisoned(schema: TSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) {
    const choices = schema.anyOf as TSchema[];
    return poisoned(choices.find((one) => one.type !== "null") ?? choices[0]!);
  }
  switch (schema.type) {
    case "object": {
      if (schema.patternProperties)
        return { [poison]: poisoned(Object.values(schema.patternProperties)[0] as TSchema) };
      const properties = (schema.properties ?? {}) as Record<string, TSchema>;
      return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, poisoned(inner)]));
    }
    case "array":
      return [poisoned(schema.items as TSchema)];
    case "string":
      return poison;
    case "boolean":
      return true;
    case "null":
      return null;
    case "number":
    case "integer":
      return 1;
    default:
      // Unknown: whatever a cluster sends.
      return poison;
  }
}

/** A row of a kind that is poisoned throughout. */
export function poisonedRow<K extends KindKey>(kind: K, cluster: string): Row<ItemOf[K]> {
  const item = poisoned(kinds[kind].schema) as ItemOf[K];
  return {
    cluster,
    key: keyOf(item as Parameters<typeof keyOf>[0]),
    item,
    health: "critical",
    state: poison,
    why: poison,
    sinceMs: 1,
    createdMs: 1,
  };
}
