import { Kind, type TSchema } from "@sinclair/typebox";

/**
 * A value of a schema for tests: `all` fills every field there is, with `text` in place of every string;
 * otherwise only what is required is there, as the sparest sender would have it.
 */
export function fill(schema: TSchema, text: string, all: boolean): unknown {
  switch (schema[Kind]) {
    case "Object": {
      const required = new Set((schema.required as string[] | undefined) ?? []);
      return Object.fromEntries(
        Object.entries(schema.properties as Record<string, TSchema>)
          .filter(([name]) => all || required.has(name))
          .map(([name, one]) => [name, fill(one, text, all)]),
      );
    }
    case "Array":
      return all ? [fill(schema.items as TSchema, text, all)] : [];
    case "Record":
      return {
        [text]: fill(Object.values(schema.patternProperties as Record<string, TSchema>)[0]!, text, all),
      };
    case "Union":
      return fill((schema.anyOf as TSchema[])[0]!, text, all);
    case "Literal":
      return schema.const;
    case "String":
      return text;
    case "Number":
    case "Integer":
      return 3;
    case "Boolean":
      return true;
    default:
      // Unknown: whatever a sender thinks of.
      return { [text]: [text, { deep: text }], none: null };
  }
}
