import type { Node } from "../../../wire/node.ts";
import type { Standing } from "../entry.ts";
import { parseQuantity, parseTime } from "../../../wire/values.ts";
import { critical, info, type KindFacts, labelLines, ok, warning } from "./facts.ts";

const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];

function standing(node: Node): Standing {
  const { summary } = node;
  const ready = node.conditions?.find((one) => one.type === "Ready");
  const status = ready?.status ?? String(summary.ready ?? "Unknown");
  const sinceMs = parseTime(ready?.lastTransitionTime);
  if (/^false$/i.test(status))
    return critical("NotReady", ready?.message || summary.message || "the kubelet is not ready", sinceMs);
  if (!/^true$/i.test(status))
    return critical("NotReady", ready?.message || summary.message || "the kubelet does not report", sinceMs);
  for (const type of pressures) {
    const condition = node.conditions?.find((one) => one.type === type);
    if (condition?.status === "True")
      return warning(
        type,
        condition.message || condition.reason || type,
        parseTime(condition.lastTransitionTime),
      );
  }
  if (summary.schedulable === false || node.spec?.unschedulable)
    return info("Cordoned", "no new pods are placed here", sinceMs);
  return ok("Ready", sinceMs);
}

export const node: KindFacts<Node> = {
  standing,
  created: ({ summary }) => summary.creationTime,
  node: ({ summary }) => summary.name,
  uid: ({ summary }) => summary.uid,
  search: (item) => [
    ...labelLines(item.labels),
    ...(item.summary.roles ?? []),
    item.addresses?.internalIP,
    item.addresses?.externalIP,
    item.info?.kubeletVersion,
    item.info?.osImage,
  ],
  columns: {
    roles: ({ summary }) => (summary.roles ?? []).join(","),
    version: ({ info: about }) => about?.kubeletVersion,
    ip: ({ addresses }) => addresses?.internalIP,
    os: ({ info: about }) => about?.osImage,
    kernel: ({ info: about }) => about?.kernelVersion,
    arch: ({ info: about }) => about?.architecture,
    cpuCapacity: ({ capacity }) => parseQuantity(capacity?.cpu) || 0,
    memoryCapacity: ({ capacity }) => parseQuantity(capacity?.memory) || 0,
    cpuAllocatable: ({ allocatable }) => parseQuantity(allocatable?.cpu) || 0,
    memoryAllocatable: ({ allocatable }) => parseQuantity(allocatable?.memory) || 0,
  },
};
