import { msOf } from "../../project/common.ts";
import type { NodeObject } from "../../project/kube.ts";
import type { Finding } from "../finding.ts";
import { withCause } from "./container.ts";

/** A node that just joined is not ready until its network is: no finding for its first minute. */
const joiningMs = 60_000;

const pressures: Record<string, string> = {
  MemoryPressure: "the node is short of memory",
  DiskPressure: "the node is short of disk space",
  PIDPressure: "the node is short of process ids",
  NetworkUnavailable: "the node's network is not set up",
};

export function nodeFindings({ metadata, status }: NodeObject): Finding[] {
  const findings: Finding[] = [];
  const createdMs = msOf(metadata.creationTimestamp) ?? 0;
  for (const { type, status: value, reason, message, lastTransitionTime } of status?.conditions ?? []) {
    const sinceMs = msOf(lastTransitionTime);
    const joining = sinceMs === undefined ? 0 : Math.max(0, createdMs + joiningMs - sinceMs);
    const base = { category: "node", sinceMs } as const;
    if (type === "Ready" && value === "False")
      findings.push({
        ...base,
        family: "NotReady",
        reason: "NotReady",
        severity: "critical",
        message: withCause("the node is not ready", message || reason),
        holdMs: joining,
      });
    else if (type === "Ready" && value === "Unknown")
      findings.push({
        ...base,
        family: "NotReady",
        reason: "NodeStatusUnknown",
        severity: "critical",
        message: withCause("the node is silent: its kubelet reports nothing any more", message),
        holdMs: joining,
      });
    else if (type in pressures && value === "True")
      findings.push({
        ...base,
        family: type,
        reason: type,
        severity: "warning",
        message: withCause(pressures[type]!, message),
        holdMs: type === "NetworkUnavailable" ? joining : 0,
      });
  }
  return findings;
}
