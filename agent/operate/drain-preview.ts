import { resourcePath, resources } from "../kube/resource.ts";
import type { LabelSelector, NodeObject } from "../project/kube.ts";
import { getObject, nameOf, type Place } from "./change.ts";
import type { Judged } from "./drain-plan.ts";
import type { OperationContext, Outcome } from "./operation.ts";
import { selects } from "./pods.ts";

/** What a drain would do with each pod, and which budgets it would have to wait for. */
export async function previewDrain(
  ctx: OperationContext,
  place: Place,
  judged: readonly Judged[],
): Promise<Outcome> {
  const node = await getObject<NodeObject>(ctx, place);
  const spaces = new Set(
    judged.flatMap((one) => (one.verdict === "evict" ? one.pod.metadata.namespace! : [])),
  );
  const budgets = (await Promise.all([...spaces].map((one) => budgetsOf(ctx, one)))).flat();
  const pods = judged.map(({ pod, verdict, why }) => {
    const { namespace, name, labels } = pod.metadata;
    const over = budgets.filter(
      (one) => one.metadata.namespace === namespace && selects(one.spec?.selector, labels),
    );
    return {
      namespace,
      name,
      verdict,
      why,
      ...(verdict === "evict" && over.length > 0
        ? {
            budgets: over.map((one) => ({
              name: one.metadata.name,
              allowed: one.status?.disruptionsAllowed ?? 0,
            })),
          }
        : {}),
    };
  });
  const count = pods.filter((one) => one.verdict === "evict").length;
  return {
    message: `${nameOf(place)} has ${count} pods to evict.`,
    data: { unschedulable: node.spec?.unschedulable ?? false, pods },
  };
}

interface Budget {
  metadata: { name: string; namespace: string };
  spec?: { selector?: LabelSelector };
  status?: { disruptionsAllowed?: number };
}

/** The budgets of a namespace; none where they may not be read: the evictions tell of them in time. */
async function budgetsOf({ client, signal }: OperationContext, namespace: string): Promise<Budget[]> {
  const path = resourcePath(resources.poddisruptionbudgets, namespace);
  const list = await client.json<{ items: Budget[] }>("GET", path, { signal }).catch(() => undefined);
  // Items of a list say their namespace themselves.
  return list?.items ?? [];
}
