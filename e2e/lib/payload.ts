import { Kind, OptionalKind, type TSchema } from "@sinclair/typebox";

/** Runs when any of it becomes markup, an attribute that acts, or an address that is followed. */
export const payload = `'"><img src=x onerror="window.__xss=1"><script>window.__xss=1</script><svg onload="window.__xss=1">javascript:window.__xss=1`;

/** A value of a schema in which every text that a cluster controls is the payload, optional fields included. */
export function hostile(schema: TSchema, text: string = payload): unknown {
  switch (schema[Kind]) {
    case "String":
      return schema.maxLength !== undefined ? text.slice(0, schema.maxLength) : text;
    case "Number":
    case "Integer":
      return Math.max(schema.minimum ?? 0, 1);
    case "Boolean":
      return true;
    case "Literal":
      return schema.const;
    case "Null":
      return null;
    case "Unknown":
      return { [text]: text, list: [text] };
    case "Array":
      return [hostile(schema.items, text)];
    case "Record":
      return { [text]: hostile(Object.values(schema.patternProperties)[0] as TSchema, text) };
    case "Union":
      return hostile(schema.anyOf[0], text);
    case "Object":
      return Object.fromEntries(
        Object.entries(schema.properties as Record<string, TSchema>).map(([key, one]) => [
          key,
          hostile(one, text),
        ]),
      );
    default:
      throw new Error(`no hostile value for ${schema[Kind]}${schema[OptionalKind] ? " (optional)" : ""}`);
  }
}
