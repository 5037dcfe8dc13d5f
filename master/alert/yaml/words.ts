import { parseQuantity } from "../../../wire/values.ts";
import { writtenName } from "./shape.ts";

/** `0.9`, `90%`, or a quantity as Kubernetes writes it. */
export function numberOf(text: string): number {
  // By its digits, not by dividing: 87 % is 0.87 and nothing beside it.
  if (/^-?\d+(\.\d+)?%$/.test(text)) return Number(`${text.slice(0, -1)}e-2`);
  return parseQuantity(text);
}

/** A pointer as one finds the place in the text. */
export function written(pointer: string): string {
  return pointer
    .slice(1)
    .split("/")
    .map((one) => (/^\d+$/.test(one) ? `[${one}]` : writtenName(one)))
    .join(".")
    .replaceAll(".[", "[");
}

/** What stands there, behind what would be right. */
export const shown = (text: string | undefined): string =>
  text === undefined ? "" : `, and is ${JSON.stringify(text.slice(0, 50))}`;

/** What is said of a name that is none: the one that it may be, or those that there are. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = known.find((one) => distance(one, name.toLowerCase()) <= 2);
  return `there is no ${JSON.stringify(name.slice(0, 50))} here: ${near ? `it may be ${near}` : `there are ${known.join(", ")}`}`;
}

/** How many letters have to be changed, added or left out (Levenshtein), of short words. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
