import { msOf } from "../../project/common.ts";
import type { AutoscalerObject } from "../../project/kube.ts";
import type { Finding } from "../finding.ts";
import { withCause } from "./container.ts";

/** A metrics server that restarts is away for a moment. */
const unableMs = 60_000;

export function autoscalerFindings({ spec, status }: AutoscalerObject): Finding[] {
  const findings: Finding[] = [];
  for (const { type, status: value, reason = type, message, lastTransitionTime } of status?.conditions ??
    []) {
    const base = {
      reason,
      category: "scaling",
      sinceMs: msOf(lastTransitionTime),
      holdMs: unableMs,
    } as const;
    // ScalingDisabled: the target was scaled to 0 by a person.
    if (type === "ScalingActive" && value === "False" && reason !== "ScalingDisabled")
      findings.push({
        ...base,
        family: "metrics",
        severity: "warning",
        message: withCause("the autoscaler cannot compute how many replicas are needed", message),
      });
    else if (type === "AbleToScale" && value === "False")
      findings.push({
        ...base,
        family: "scale",
        severity: "warning",
        message: withCause("the autoscaler cannot scale its target", message),
      });
    else if (type === "ScalingLimited" && value === "True" && reason === "TooManyReplicas")
      findings.push({
        ...base,
        family: "limited",
        severity: "info",
        message: `more replicas are needed than the autoscaler's maximum of ${spec?.maxReplicas ?? 0}`,
      });
  }
  return findings;
}
