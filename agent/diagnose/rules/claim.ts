import { msOf, told } from "../../project/common.ts";
import type { ClaimObject } from "../../project/kube.ts";
import type { Finding } from "../finding.ts";

const unboundMs = 30_000;

/**
 * A claim that is not bound. `waitsForConsumer`: its class binds when a pod uses the claim
 * (WaitForFirstConsumer), which the volume controller says by an Event, so that it is as it should be.
 */
export function claimFindings({ metadata, spec, status }: ClaimObject, waitsForConsumer: boolean): Finding[] {
  if (metadata.deletionTimestamp) return [];
  const base = { family: "unbound", category: "storage" } as const;
  if (status?.phase === "Lost")
    return [
      {
        ...base,
        reason: "Lost",
        severity: "critical",
        message: `the volume ${spec?.volumeName ?? ""} that the claim is bound to does not exist any more`,
      },
    ];
  if (status?.phase !== "Pending" || waitsForConsumer) return [];
  const wanted = `${spec?.resources?.requests?.storage ?? "storage"}, ${(spec?.accessModes ?? []).join(", ")}`;
  const storageClass = told(spec?.storageClassName);
  return [
    {
      ...base,
      reason: "Unbound",
      severity: "warning",
      message: `the claim (${wanted}) has no volume${storageClass ? `; its storage class is ${storageClass}` : " and names no storage class"}`,
      sinceMs: msOf(metadata.creationTimestamp),
      holdMs: unboundMs,
    },
  ];
}
