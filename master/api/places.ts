import { problem } from "../../wire/problem.ts";
import { integer, text } from "./query.ts";
import type { SeenParts } from "./route.ts";

export const paging = {
  sort: text("A column, `-` before it for descending."),
  limit: integer("How many at most, 100 by default.", 1, 1000),
  cursor: text("`next` of the page before."),
};
export const scope = {
  cluster: text("A cluster, by its id or name."),
  namespace: text("A namespace."),
};

/** The cluster that a path names; 404 where there is none. */
export function pathCluster(parts: SeenParts, params: Record<string, string>): string {
  const cluster = parts.datasource.findCluster(params.cluster!);
  if (!cluster) throw problem(404, "there is no such cluster");
  return cluster;
}
