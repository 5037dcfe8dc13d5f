import { type TSchema, Type as T } from "@sinclair/typebox";
import { problem } from "../../wire/problem.ts";
import type { SeenParts } from "./route.ts";

/** The answer of a list. */
export const page = (item: TSchema) =>
  T.Object({
    items: T.Array(item),
    total: T.Integer({ description: "How many match in all." }),
    next: T.Optional(T.String({ description: "The cursor of the next page; absent on the last." })),
  });

/** The id of a cluster that a parameter names; undefined where none is named. */
export function scopeCluster(
  parts: Pick<SeenParts, "datasource">,
  given: string | undefined,
): { cluster?: string } {
  if (given === undefined) return {};
  const cluster = parts.datasource.findCluster(given);
  if (cluster) return { cluster };
  const names = parts.datasource.clusters().map((one) => one.name);
  throw problem(
    422,
    `cluster must be one of ${names.slice(0, 50).join(", ") || "none: there is no cluster yet"}`,
    {
      pointer: "/cluster",
    },
  );
}

/** `given` is the end as it was asked for, where it was. */
export function checkTimes(fromMs: number, toMs: number, given: number | undefined): void {
  if (fromMs > toMs)
    throw problem(422, given === undefined ? "from is in the future" : "from must not be after to", {
      pointer: "/from",
    });
}
