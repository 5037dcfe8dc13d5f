import { KubeError } from "../kube/error.ts";
import type { KubeObject } from "../kube/object.ts";
import { optionalText, wholeNumber } from "./args.ts";
import { checkExpected, nameOf, pathOf } from "./change.ts";
import { cleaned, isSecret, resourcePlace } from "./manifest.ts";
import { observe, told } from "./observe.ts";
import { type Json, type Operation, OperationError, type Outcome } from "./operation.ts";
import { controllerOf } from "./pods.ts";
import { findObject } from "./resource-apply.ts";

/** How long it is watched whether finalizers let go of it. */
const watchMs = 60_000;

/**
 * Deletes one object of any kind, that one and none of its name that comes later. `args`: propagation
 * (Background by default, Foreground, Orphan), gracePeriodSeconds, expect {uid}.
 */
export const resourceDelete: Operation = {
  type: "ResourceDelete",
  async run(ctx) {
    const place = await resourcePlace(ctx);
    const name = nameOf(place);
    const { command } = ctx;
    if (ctx.isProtected(place.resource.kind === "Namespace" ? place.name : (place.namespace ?? "")))
      throw new OperationError("Refused", `The agent of this cluster changes nothing there: ${name}.`);
    let before = ctx.before as { uid: string; manifest: Json } | undefined;
    if (before === undefined) {
      const object = await findObject(ctx, place);
      if (object === undefined) throw new OperationError("NotFound", `There is no ${name}.`);
      checkExpected(ctx, place, { uid: object.metadata.uid });
      // Values of a Secret stay in the cluster; what a controller owns, it makes again by itself.
      const again =
        !isSecret(place) && controllerOf(object) === undefined && place.resource.kind !== "Namespace";
      before = { uid: object.metadata.uid!, manifest: again ? (cleaned(object) as Json) : null };
      await ctx.record(before);
    }
    const { uid, manifest } = before;
    const policy = optionalText(command, "propagation") ?? "Background";
    try {
      await ctx.client.json("DELETE", pathOf(place), {
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid },
          propagationPolicy: policy,
          gracePeriodSeconds: wholeNumber(command, "gracePeriodSeconds"),
        },
      });
    } catch (error) {
      // Gone, or another one has its name: an earlier attempt deleted it.
      if (!(error instanceof KubeError) || (error.status !== 404 && error.status !== 409)) throw error;
    }
    const gone = await observe(
      ctx,
      { ...place, keep: ({ metadata }) => ({ metadata }) as KubeObject },
      ([object]) =>
        object === undefined || object.metadata.uid !== uid
          ? { state: "done", message: "it is gone" }
          : { state: "waiting", message: waitingFor(object) },
      Math.min(ctx.verifyMs, watchMs),
    );
    const undo: Outcome["undo"] = manifest
      ? {
          type: "ResourceApply",
          target: command.target,
          args: { manifest, create: true, expect: { absent: true } },
        }
      : undefined;
    return { ...told(`${name} was deleted`, gone), ...(undo ? { undo } : {}) };
  },
};

function waitingFor({ metadata }: KubeObject): string {
  const finalizers = (metadata.finalizers as string[] | undefined) ?? [];
  return finalizers.length > 0 ? `it waits for ${finalizers.join(", ")}` : "it is ending";
}
