import type { PersistentVolumeClaim } from "../../../wire/workloads.ts";
import type { Standing } from "../entry.ts";
import { parseQuantity, parseTime } from "../../../wire/values.ts";
import { critical, info, type KindFacts, labelLines, minute, ok, patiently, warning } from "./facts.ts";

function standing({ summary }: PersistentVolumeClaim, now: number): Standing {
  const phase = summary.phase ?? "Pending";
  const sinceMs = parseTime(summary.createdAt);
  if (phase === "Bound") return ok(phase, sinceMs);
  if (phase === "Lost") return critical(phase, "its volume is gone", sinceMs);
  const why = `no volume is bound${summary.storageClass ? ` (storage class ${summary.storageClass})` : ""}`;
  return patiently(sinceMs, 2 * minute, now, info(phase, why, sinceMs), warning(phase, why, sinceMs));
}

export const persistentvolumeclaim: KindFacts<PersistentVolumeClaim> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [...labelLines(item.labels), item.summary.storageClass, item.summary.volumeName],
  columns: {
    class: ({ summary }) => summary.storageClass,
    volume: ({ summary }) => summary.volumeName,
    capacity: ({ summary }) => parseQuantity(summary.capacity ?? summary.requested) || 0,
    requested: ({ summary }) => parseQuantity(summary.requested) || 0,
  },
};
