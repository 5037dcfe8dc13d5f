import type { TSchema } from "@sinclair/typebox";
import { type ConditionField, conditionFields, conditionTypes } from "../../views/alert-conditions.ts";
import { decode } from "../../wire/check.ts";
import { durationText } from "../../wire/duration.ts";
import { problem } from "../../wire/problem.ts";
import { type Condition, conditionSchemas } from "../alert/conditions/schema.ts";
import { durationOf, numberIn, wordsIn } from "./alerting.ts";

/** The condition that a form was posted with; 422 beside the field that is wrong. */
export function conditionOf(form: URLSearchParams): Condition {
  const type = conditionTypes.find((one) => one === form.get("type"));
  if (!type) throw problem(422, `a condition is one of ${conditionTypes.join(", ")}`, { pointer: "/type" });
  const given = conditionFields[type].map((one) => [one.name, partOf(form, one)] as const);
  const condition = { type, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  const { properties } = conditionSchemas[type] as TSchema;
  for (const one of conditionFields[type])
    checkBounds(one, condition[one.name as "type"], properties[one.name]);
  return decode(conditionSchemas[type], condition) as Condition;
}

/** Says in words what a schema says in numbers. */
function checkBounds({ name, kind }: ConditionField, value: unknown, schema: TSchema): void {
  if (typeof value !== "number") return;
  const text = (bound: number) => (kind === "duration" ? durationText(bound) : String(bound));
  const at = { pointer: `/${name}` };
  if (value < schema.minimum) throw problem(422, `has to be at least ${text(schema.minimum)}`, at);
  if (value > schema.maximum) throw problem(422, `has to be at most ${text(schema.maximum)}`, at);
  if (schema.type === "integer" && !Number.isInteger(value))
    throw problem(422, "a whole number is needed", at);
}

function partOf(form: URLSearchParams, { name, kind, required }: ConditionField): unknown {
  const text = (form.get(name) ?? "").trim();
  if (text === "" && !required) return undefined;
  if (text === "" && kind === "text") throw problem(422, "this is needed", { pointer: `/${name}` });
  if (kind === "words") return wordsIn(form, name);
  if (kind === "level") return numberIn(form, name);
  return kind === "duration" ? durationOf(form, name) : text;
}
