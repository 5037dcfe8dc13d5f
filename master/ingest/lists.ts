import type { TSchema } from "@sinclair/typebox";
import { type KindKey, keyOf, kinds } from "../../wire/kinds.ts";
import type { ListItem } from "../hub/payloads.ts";
import { cleaner } from "./clean.ts";

/** The objects of a checked payload as they are kept. */
export function itemsOf(kind: KindKey, payload: Record<string, unknown>): ListItem[] {
  const { field, schema } = kinds[kind];
  const clean = cleaner(schema as TSchema);
  const list = (payload[field] ?? []) as Parameters<typeof keyOf>[0][];
  return list.map((item) => ({ key: keyOf(item), text: JSON.stringify(clean(item)) }));
}
