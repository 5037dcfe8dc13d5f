import type { ClusterCapacity, ClusterView } from "../../views/model.ts";
import { columnNames } from "./facts.ts";
import type { Objects } from "./objects.ts";

const at = (kind: "pod" | "node", column: string) => columnNames(kind).indexOf(column);
const columns = {
  phase: at("pod", "phase"),
  cpuRequest: at("pod", "cpuRequest"),
  memoryRequest: at("pod", "memoryRequest"),
  cpuAllocatable: at("node", "cpuAllocatable"),
  memoryAllocatable: at("node", "memoryAllocatable"),
};
const ended = new Set(["Succeeded", "Failed"]);

/** What a cluster's nodes can give to pods, what these ask for, and what is used; undefined where no node tells. */
export function capacityOf(
  { tables }: Pick<Objects, "tables">,
  { id, usage }: Pick<ClusterView, "id" | "usage">,
): ClusterCapacity | undefined {
  const sum = { cpuAllocatable: 0, memoryAllocatable: 0, cpuRequested: 0, memoryRequested: 0 };
  for (const { columns: of } of tables.node.of(id).values()) {
    sum.cpuAllocatable += of[columns.cpuAllocatable] as number;
    sum.memoryAllocatable += of[columns.memoryAllocatable] as number;
  }
  if (sum.cpuAllocatable === 0) return undefined;
  for (const { node, columns: of } of tables.pod.of(id).values()) {
    // What has no node yet takes nothing from one.
    if (node === "" || ended.has(of[columns.phase] as string)) continue;
    sum.cpuRequested += of[columns.cpuRequest] as number;
    sum.memoryRequested += of[columns.memoryRequest] as number;
  }
  const measured = usage.cpuTotal > 0;
  return {
    ...{ cluster: id, ...sum },
    cpuUsed: measured ? usage.cpuCores : Number.NaN,
    memoryUsed: measured ? usage.memoryBytes : Number.NaN,
  };
}
