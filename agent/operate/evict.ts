import { KubeError } from "../kube/error.ts";
import { nameOf, pathOf, type Place } from "./change.ts";
import type { OperationContext } from "./operation.ts";
import { OperationError } from "./operation.ts";

/**
 * Asks once for a pod with this UID to be evicted (policy/v1). `gone`: it is ending, or was gone already;
 * `replaced`: another pod has its name; `blockedBy`: which budget does not allow it at the moment, in words.
 */
export async function tryEvict(
  ctx: OperationContext,
  place: Place,
  uid: string,
  gracePeriodSeconds?: number,
  /** Only asks whether it may be evicted now. */
  dryRun = false,
): Promise<{ state: "gone" } | { state: "replaced" } | { state: "blocked"; blockedBy: string }> {
  const { name, namespace } = place;
  try {
    await ctx.client.json("POST", pathOf(place, "eviction"), {
      body: {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name, namespace },
        deleteOptions: { preconditions: { uid }, gracePeriodSeconds, ...(dryRun ? { dryRun: ["All"] } : {}) },
      },
    });
    return { state: "gone" };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.status === 404) return { state: "gone" };
    if (error.status === 409) return { state: "replaced" };
    if (/more than one PodDisruptionBudget/.test(error.message))
      throw new OperationError(
        "Blocked",
        `${nameOf(place)} is under more than one PodDisruptionBudget, and so Kubernetes does not evict it.`,
      );
    // Any other 429 is the API server being busy, and has no causes.
    if (error.status !== 429 || error.causes.length === 0) throw error;
    return { state: "blocked", blockedBy: error.causes.join(" ") };
  }
}
