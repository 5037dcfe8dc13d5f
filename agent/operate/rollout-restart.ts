import { resources } from "../kube/resource.ts";
import { badRequest, workloadPlace } from "./args.ts";
import { changeObject, checkExpected, nameOf } from "./change.ts";
import { told } from "./observe.ts";
import { observeRollout, type Rolling } from "./observe-rollout.ts";
import type { Operation } from "./operation.ts";

export const rollingKinds = [resources.deployments, resources.statefulsets, resources.daemonsets];
const restartedAt = "kubectl.kubernetes.io/restartedAt";

/** Replaces all pods of a workload by its own rules, as `kubectl rollout restart` does. */
export const rolloutRestart: Operation = {
  type: "RolloutRestart",
  async run(ctx) {
    const place = workloadPlace(ctx.command, rollingKinds);
    // The same at each attempt: a second one changes nothing, even where the annotation was lost.
    const at = new Date(ctx.command.createdAt_ms ?? Date.now()).toISOString();
    const { object } = await changeObject<Rolling, { restartedAt: string }>(ctx, place, {
      read({ metadata, spec }) {
        checkExpected(ctx, place, { uid: metadata.uid });
        if (spec && "paused" in spec && spec.paused)
          throw badRequest(`${nameOf(place)} is paused: resume its rollout first, then restart it.`);
        return { restartedAt: spec?.template.metadata?.annotations?.[restartedAt] ?? "" };
      },
      make({ spec }) {
        const { template } = spec!;
        const annotations = { ...template.metadata?.annotations, [restartedAt]: at };
        template.metadata = { ...template.metadata, annotations };
      },
    });
    return told(`${nameOf(place)} was restarted`, await observeRollout(ctx, place, object));
  },
};
