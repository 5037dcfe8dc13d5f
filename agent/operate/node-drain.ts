import { resources } from "../kube/resource.ts";
import type { NodeObject } from "../project/kube.ts";
import type { UndoCommand } from "../../wire/control.ts";
import { badRequest, flag, targetText } from "./args.ts";
import { changeObject, checkExpected, nameOf, type Place } from "./change.ts";
import { Drain, podsOf } from "./drain.ts";
import { type DrainOptions, judgePods, type Judged } from "./drain-plan.ts";
import { previewDrain } from "./drain-preview.ts";
import type { Operation, OperationContext } from "./operation.ts";

/**
 * Empties a node as `kubectl drain` does: no new pods, then evictions within what the budgets allow. `args`:
 * ignoreDaemonSets (true), deleteEmptyDirData, force (pods that nobody makes again), gracePeriodSeconds,
 * timeoutSeconds (an hour); dryRun, which gives `data` {pods: [{namespace, name, verdict, why}]} and changes
 * nothing. Cancelled, it stops evicting and leaves the node cordoned, which its message says.
 */
export const nodeDrain: Operation = {
  type: "NodeDrain",
  async run(ctx) {
    const { command } = ctx;
    const place: Place = {
      resource: resources.nodes,
      namespace: undefined,
      name: targetText(command, "node"),
    };
    const options: DrainOptions = {
      ignoreDaemonSets: flag(command, "ignoreDaemonSets") ?? true,
      deleteEmptyDirData: flag(command, "deleteEmptyDirData") ?? false,
      force: flag(command, "force") ?? false,
    };
    const judged = judgePods(await podsOf(ctx, place.name), options);
    if (flag(command, "dryRun")) return previewDrain(ctx, place, judged);
    const refused = judged.filter((one) => one.verdict === "refused");
    // Before anything is changed; what an earlier attempt began goes on.
    if (refused.length > 0 && ctx.before === undefined)
      throw badRequest(`${nameOf(place)} was not drained: ${refusals(refused)}.`);
    const { before, object } = await cordon(ctx, place);
    const undo: UndoCommand | undefined =
      before?.unschedulable === false
        ? {
            type: "NodeUncordon",
            target: { node: place.name },
            args: { expect: { uid: object.metadata.uid, unschedulable: true } },
          }
        : undefined;
    return new Drain(ctx, place, options, undo).run(judged);
  },
};

function cordon(ctx: OperationContext, place: Place) {
  return changeObject<NodeObject, { unschedulable: boolean }>(ctx, place, {
    read(node) {
      const unschedulable = node.spec?.unschedulable ?? false;
      checkExpected(ctx, place, { uid: node.metadata.uid, unschedulable });
      return { unschedulable };
    },
    make(node) {
      node.spec ??= {};
      node.spec.unschedulable = true;
    },
  });
}

function refusals(refused: readonly Judged[]): string {
  const all = refused
    .slice(0, 5)
    .map(({ pod, why }) => `${pod.metadata.namespace}/${pod.metadata.name} ${why}`);
  return `${all.join("; ")}${refused.length > 5 ? `; and ${refused.length - 5} more` : ""}`;
}
