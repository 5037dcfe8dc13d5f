import type { ClusterView, Series } from "../../../views/model.ts";

/** A series of a cluster as a whole. */
export interface ClusterValue {
  group: string;
  name: string;
  unit: Series["unit"];
  value: number;
}

/** What the history keeps of a cluster as a whole; nothing where none of its nodes is measured. */
export function clusterValues({ counts, usage }: Pick<ClusterView, "counts" | "usage">): ClusterValue[] {
  if (usage.cpuTotal === 0) return [];
  return [
    { group: "cpu", name: "used", unit: "cores", value: usage.cpuCores },
    { group: "cpu", name: "total", unit: "cores", value: usage.cpuTotal },
    { group: "memory", name: "used", unit: "bytes", value: usage.memoryBytes },
    { group: "memory", name: "total", unit: "bytes", value: usage.memoryTotal },
    { group: "nodes", name: "all", unit: "count", value: counts.nodes },
    { group: "nodes", name: "ready", unit: "count", value: counts.nodesReady },
    { group: "pods", name: "all", unit: "count", value: counts.pods },
    { group: "pods", name: "attention", unit: "count", value: counts.podsAttention },
  ];
}
