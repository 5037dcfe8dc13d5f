import { resources } from "../kube/resource.ts";
import type { DeploymentObject } from "../project/kube.ts";
import { workloadPlace } from "./args.ts";
import { changeObject, checkExpected, nameOf } from "./change.ts";
import { told } from "./observe.ts";
import { observeRollout } from "./observe-rollout.ts";
import type { Operation, OperationContext, Outcome } from "./operation.ts";

/** Changes of a Deployment's template wait from now on. */
export const rolloutPause: Operation = { type: "RolloutPause", run: (ctx) => setPaused(ctx, true) };
/** They are rolled out again. */
export const rolloutResume: Operation = { type: "RolloutResume", run: (ctx) => setPaused(ctx, false) };

async function setPaused(ctx: OperationContext, paused: boolean): Promise<Outcome> {
  const { command } = ctx;
  const place = workloadPlace(command, [resources.deployments]);
  const { before, object, same } = await changeObject<DeploymentObject, { paused: boolean }>(ctx, place, {
    read({ metadata, spec }) {
      const now = spec?.paused ?? false;
      checkExpected(ctx, place, { uid: metadata.uid, paused: now });
      return { paused: now };
    },
    make({ spec }) {
      if (paused) spec!.paused = true;
      else delete spec!.paused;
    },
  });
  const state = paused ? "paused" : "resumed";
  if (same)
    return { message: `${nameOf(place)} is ${paused ? "paused" : "not paused"} already.`, verified: "none" };
  const undo = before && {
    type: paused ? "RolloutResume" : "RolloutPause",
    target: command.target,
    args: { expect: { uid: object.metadata.uid, paused } },
  };
  const done = `The rollout of ${nameOf(place)} was ${state}`;
  if (paused)
    return { message: `${done}. Changes of its template wait until it is resumed.`, verified: "none", undo };
  return { ...told(done, await observeRollout(ctx, place, object)), undo };
}
