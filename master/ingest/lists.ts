import type { TSchema } from "@sinclair/typebox";
import { type AnyItem, type KindKey, keyOf, kinds } from "../../wire/kinds.ts";
import type { ListItem } from "../hub/payloads.ts";
import { cleaner } from "./clean.ts";

/** The objects of a checked payload as they are kept. */
export function itemsOf(kind: KindKey, payload: Record<string, unknown>): ListItem[] {
  const { field, schema } = kinds[kind];
  const clean = cleaner(schema as TSchema);
  const list = (payload[field] ?? []) as Parameters<typeof keyOf>[0][];
  return list.map((given) => {
    const item = clean(given);
    return { key: keyOf(given), text: JSON.stringify(item), item: item as AnyItem };
  });
}

/** Lets go of the parsed objects, several times the size of their texts. */
export function forgetParsed(items: ListItem[]): void {
  for (const one of items) one.item = undefined;
}
