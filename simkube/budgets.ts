import { ApiError } from "./api-error.ts";
import { kinds } from "./kinds.ts";
import { type Fields, isFields, type Json, type Stored } from "./object.ts";
import type { DeleteOptions, Rest } from "./rest.ts";

/** What a PodDisruptionBudget allows now, from the pods it selects: the status its controller writes. */
export function budgetStatus(rest: Rest, budget: Stored): Fields {
  const pods = rest.store
    .list(kinds.pods, budget.metadata.namespace)
    .filter((pod) => selects(budget, pod) && !isFinished(pod));
  const healthy = pods.filter((pod) => isHealthy(pod) && !pod.metadata.deletionTimestamp).length;
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  const expected = pods.length;
  const desired =
    maxUnavailable === undefined
      ? share(minAvailable ?? 1, expected)
      : Math.max(0, expected - share(maxUnavailable, expected));
  return {
    observedGeneration: budget.metadata.generation ?? 1,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: expected,
    disruptionsAllowed: Math.max(0, healthy - desired),
  };
}

/** Deletes a pod as the eviction subresource does: only as far as its budget allows. */
export function evict(rest: Rest, namespace: string, name: string, options: DeleteOptions): void {
  const pod = rest.get(kinds.pods, namespace, name);
  const needsNone = isFinished(pod) || pod.status?.phase === "Pending" || pod.metadata.deletionTimestamp;
  const budgets = rest.store
    .list(kinds.poddisruptionbudgets, namespace)
    .filter((budget) => !needsNone && selects(budget, pod));
  if (budgets.length > 1)
    throw new ApiError(
      500,
      "InternalError",
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  const [budget] = budgets;
  if (budget !== undefined) {
    const status = budgetStatus(rest, budget);
    const { currentHealthy, desiredHealthy, disruptionsAllowed } = status as Record<string, number>;
    const sick = !isHealthy(pod) && currentHealthy! >= desiredHealthy! && desiredHealthy! > 0;
    if (!sick && disruptionsAllowed === 0)
      throw new ApiError(
        429,
        "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.",
        {
          causes: [
            {
              reason: "DisruptionBudget",
              message: `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
            },
          ],
        },
      );
  }
  if (!options.dryRun?.includes("All")) rest.delete(kinds.pods, namespace, name, options);
}

function selects(budget: Stored, pod: Stored): boolean {
  const selector = isFields(budget.spec?.selector) ? budget.spec.selector : {};
  const labels = isFields(selector.matchLabels) ? selector.matchLabels : {};
  return Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);
}

const isFinished = (pod: Stored) => ["Succeeded", "Failed"].includes(String(pod.status?.phase));

const isHealthy = (pod: Stored) =>
  ((pod.status?.conditions ?? []) as Fields[]).some((one) => one.type === "Ready" && one.status === "True");

/** A number, or a percentage of a total, rounded up. */
function share(value: Json, total: number): number {
  return typeof value === "string" ? Math.ceil((Number.parseFloat(value) / 100) * total) : Number(value);
}
