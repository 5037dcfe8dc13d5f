import type { Event } from "../../wire/event.ts";
import { claimFindings } from "../diagnose/rules/claim.ts";
import type { Change } from "../kube/informer.ts";
import { resources } from "../kube/resource.ts";
import type { ClaimObject } from "../project/kube.ts";
import { projectClaim } from "../project/persistentvolumeclaim.ts";
import { type TextItem, type TrackedList, trackSimple } from "./simple.ts";
import type { Diagnosis } from "./tracker.ts";

/** PersistentVolumeClaims, of which only an Event says that they wait for a pod to use them. */
export function trackClaims(
  diagnosis: Diagnosis,
  onChange: (change: Change<TextItem>) => void,
): { claims: TrackedList; tellClaims(event: Event): void } {
  /** By UID. */
  const waiting = new Set<string>();
  const claims = trackSimple({
    kind: "persistentvolumeclaim",
    resource: resources.persistentvolumeclaims,
    diagnosis,
    project: projectClaim,
    findings: (claim: ClaimObject) => claimFindings(claim, waiting.has(claim.metadata.uid ?? "")),
    onChange(change) {
      if (change.type === "delete") waiting.delete(change.previous.uid);
      onChange(change);
    },
  });
  return {
    claims,
    tellClaims({ kind, namespace, name, uid, reason }) {
      if (kind !== "PersistentVolumeClaim" || reason !== "WaitForFirstConsumer" || !uid) return;
      waiting.add(uid);
      diagnosis.observe({ kind, namespace, name, uid }, []);
    },
  };
}
