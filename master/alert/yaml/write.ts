import type { TSchema } from "@sinclair/typebox";
import { Document, isScalar, visit } from "yaml";
import { isShare } from "../../../views/alert-model.ts";
import { durationText } from "../../../wire/duration.ts";
import { WrittenRule } from "./read.ts";
import { entriesOf, isDuration, usual, variantsOf, writtenName } from "./shape.ts";

/** Rules as a file that gives the same when it is read; what is as usual is left out. In small steps. */
export function* writeRules(rules: readonly WrittenRule[]): Generator<void, string> {
  const parts: string[] = [];
  for (const one of rules) {
    parts.push(writeRule(one));
    yield;
  }
  return parts.length === 0 ? "[]\n" : parts.join("\n");
}

/** One item of the list. */
export function writeRule(rule: WrittenRule): string {
  const document = new Document([written(WrittenRule, rule, "")]);
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every(isScalar);
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function written(schema: TSchema, value: unknown, pointer: string): unknown {
  const shape = shapeOf(schema, value);
  if (shape.properties) {
    const made: Record<string, unknown> = {};
    for (const [name, inner] of Object.entries(shape.properties as Record<string, TSchema>)) {
      const one = (value as Record<string, unknown>)[name];
      const at = `${pointer}/${name}`;
      if (one === undefined || (at in usual && Bun.deepEquals(one, usual[at]))) continue;
      made[writtenName(name)] = isDuration(name) ? durationText(one as number) : written(inner, one, at);
    }
    return withShares(made, value as Record<string, unknown>);
  }
  if (entriesOf(shape)) return { ...(value as object) };
  return value;
}

function shapeOf(schema: TSchema, value: unknown): TSchema {
  const type = (value as { type?: string } | null)?.type;
  return (type !== undefined && variantsOf(schema)?.get(type)) || schema;
}

/** The levels of a share as people say them, where that says exactly the same. */
function withShares(made: Record<string, unknown>, { group, series }: Record<string, unknown>) {
  if (typeof group !== "string" || typeof series !== "string" || !isShare(group, series)) return made;
  for (const [name, value] of Object.entries(made)) {
    if (typeof value !== "number") continue;
    const percent = String(Number((value * 100).toPrecision(12)));
    if (/^-?\d+(\.\d+)?$/.test(percent) && Number(`${percent}e-2`) === value) made[name] = `${percent}%`;
  }
  return made;
}
