import { problem } from "../../wire/problem.ts";
import type { Entry } from "./entry.ts";

/**
 * A cursor holds what the last entry of a page is sorted by, and not a position: a page goes on at the right
 * place also when entries before it came or went.
 */
export function encodeCursor(sort: string, last: Entry, value: string | number): string {
  const { rank, sinceMs, name, cluster, key } = last;
  // JSON has no infinities and no NaN; -1e308 stands for "unknown" as in the order itself.
  return Buffer.from(JSON.stringify([sort, value, rank, sinceMs, name, cluster, key])).toString("base64url");
}

/** A stand-in for the entry that a cursor was made from, to be compared with others. */
export function decodeCursor(cursor: string, sort: string): { entry: Entry; value: string | number } {
  try {
    const [of, value, rank, sinceMs, name, cluster, key] = JSON.parse(
      Buffer.from(cursor, "base64url").toString(),
    );
    const texts = [name, cluster, key].every((one) => typeof one === "string");
    const numbers = [rank, sinceMs].every((one) => typeof one === "number");
    if (of === sort && texts && numbers && (typeof value === "string" || typeof value === "number"))
      return { entry: { rank, sinceMs, name, cluster, key } as Entry, value };
  } catch {
    // Told below, as any other cursor that is not ours.
  }
  throw problem(422, "cursor is not one that this list gave for this order: begin again without it", {
    pointer: "/cursor",
  });
}
