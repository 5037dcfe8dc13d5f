import { resources } from "../kube/resource.ts";
import type { NodeObject } from "../project/kube.ts";
import { targetText } from "./args.ts";
import { changeObject, checkExpected, nameOf, type Place } from "./change.ts";
import type { Operation, OperationContext, Outcome } from "./operation.ts";

/** No new pods on a node, until it is uncordoned. */
export const nodeCordon: Operation = { type: "NodeCordon", run: (ctx) => setCordon(ctx, true) };
/** Takes a cordon back. */
export const nodeUncordon: Operation = { type: "NodeUncordon", run: (ctx) => setCordon(ctx, false) };

async function setCordon(ctx: OperationContext, unschedulable: boolean): Promise<Outcome> {
  const name = targetText(ctx.command, "node");
  const place: Place = { resource: resources.nodes, namespace: undefined, name };
  const { before, object, same } = await changeObject<NodeObject, { unschedulable: boolean }>(ctx, place, {
    read(node) {
      const now = node.spec?.unschedulable ?? false;
      checkExpected(ctx, place, { uid: node.metadata.uid, unschedulable: now });
      return { unschedulable: now };
    },
    make(node) {
      node.spec ??= {};
      if (unschedulable) node.spec.unschedulable = true;
      else delete node.spec.unschedulable;
    },
  });
  const state = unschedulable ? "cordoned" : "uncordoned";
  if (same) return { message: `${nameOf(place)} is ${state} already.`, verified: "none" };
  return {
    message: `${nameOf(place)} was ${state}: ${unschedulable ? "no new pods come to it" : "new pods may come to it again"}.`,
    verified: "none",
    undo: before && {
      type: unschedulable ? "NodeUncordon" : "NodeCordon",
      target: { node: name },
      args: { expect: { uid: object.metadata.uid, unschedulable } },
    },
  };
}
