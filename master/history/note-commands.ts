import { changesSomething } from "../../wire/command-names.ts";
import type { Control } from "../control/control.ts";
import type { CommandView } from "../../views/command-model.ts";
import { objectOf } from "../control/types.ts";
import type { CommandTable } from "../database/commands.ts";
import type { Marks } from "./marks.ts";

/** Of a command's arguments, those that its words name: none of them can be large or secret. */
const told = ["replicas", "revision", "force", "suspend", "create"];

/** Commands that ended so shortly before a start may not have been marked before the end of the last run. */
const lastMs = 600_000;
const mostLast = 1000;

/** Has every command that was carried out marked on charts, also those that ended as the last run did. */
export function noteCommands(
  control: Pick<Control, "subscribe">,
  marks: Pick<Marks, "note">,
  table: Pick<CommandTable, "endedSince">,
): () => void {
  for (const one of table.endedSince(Date.now() - lastMs, mostLast)) noteCommand(marks, one);
  return control.subscribe((one) => noteCommand(marks, one));
}

type Told = Pick<CommandView, "id" | "cluster" | "type" | "target" | "args" | "state" | "endedMs" | "by">;

function noteCommand(
  marks: Pick<Marks, "note">,
  { id, cluster, type, target, args, state, endedMs, by }: Told,
) {
  if ((state !== "succeeded" && state !== "failed") || !changesSomething(type, args)) return;
  const { kind, namespace, name } = objectOf(type, target);
  const detail: Record<string, string | number> = { type, state, by: by.name.slice(0, 100) };
  for (const key of told) {
    const value = args[key];
    if (typeof value === "number" || typeof value === "string") detail[key] = value;
    else if (typeof value === "boolean") detail[key] = Number(value);
  }
  const image = imagesIn(args);
  if (image) detail.image = image;
  const atMs = endedMs ?? Date.now();
  marks.note({ cluster, what: "command", kind, namespace, name, atMs, ref: id, detail });
}

function imagesIn({ images, image, newImage }: Record<string, unknown>): string {
  const all = typeof images === "object" && images !== null ? Object.values(images) : [image ?? newImage];
  return all
    .flatMap((one) => (typeof one === "string" ? [one.slice(one.lastIndexOf("/") + 1)] : []))
    .join(", ")
    .slice(0, 300);
}
