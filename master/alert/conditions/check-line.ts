import type { Measured } from "../../../views/alert-model.ts";
import { problem } from "../../../wire/problem.ts";

const usage = ["cpu", "memory", "cpu of request", "cpu of limit", "memory of request", "memory of limit"];

/** What there is of all but nodes, whose disks and sensors nobody knows before. */
const known: Partial<Record<Measured, Record<string, readonly string[]>>> = {
  pod: { usage },
  workload: { usage },
  cluster: {
    cpu: ["used", "total", "share"],
    memory: ["used", "total", "share"],
    nodes: ["all", "ready"],
    pods: ["all", "attention"],
  },
};

/** 422 where a condition is about a series that there never is. */
export function checkLine({
  of = "node",
  group,
  series,
}: {
  of?: Measured;
  group?: string;
  series?: string;
}): void {
  const groups = known[of];
  if (!groups || group === undefined || series === undefined) return;
  const all = groups[group];
  if (!all)
    throw problem(422, `of a ${of} there is ${Object.keys(groups).join(", ")}`, { pointer: "/group" });
  if (!all.includes(series))
    throw problem(422, `of ${group} there is ${all.join(", ")}`, { pointer: "/series" });
}

/** 422 where a condition over what is in no namespace is to hold in some. */
export function checkSpaces(condition: object, namespaces: readonly string[] | undefined): void {
  if (!namespaces || !("group" in condition)) return;
  const { of = "node" } = condition as { of?: Measured };
  if (of === "node" || of === "cluster")
    throw problem(422, `a ${of} is in no namespace`, { pointer: "/namespaces" });
}
