import type { TemplateSpec } from "../project/kube.ts";
import { badRequest, flag, wholeNumber, workloadPlace } from "./args.ts";
import { changeObject, checkExpected, getObject, nameOf, type Place } from "./change.ts";
import { told } from "./observe.ts";
import { observeRollout, type Rolling } from "./observe-rollout.ts";
import { type Operation, OperationError, type Outcome } from "./operation.ts";
import { changeCauseKey, type Revision, revisionsOf } from "./revisions.ts";
import { rollingKinds } from "./rollout-restart.ts";

/** From which revision, to which, and what the template of each is like. */
type Before = { from: number; to: number; template: string };

/**
 * Gives a workload the template of an earlier revision. `args`: revision (the one before the current); dryRun:
 * only tells what would change, as `data` {from, to, revisions}.
 */
export const rolloutUndo: Operation = {
  type: "RolloutUndo",
  async run(ctx) {
    const { command } = ctx;
    const place = workloadPlace(command, rollingKinds);
    const asked = wholeNumber(command, "revision", 1);
    if (flag(command, "dryRun")) {
      const workload = await getObject<Rolling>(ctx, place);
      const revisions = await revisionsOf(ctx, place, workload);
      return difference(place, workload, choose(place, revisions, asked), revisions);
    }
    let to: Revision | undefined;
    const { before, object, same } = await changeObject<Rolling, Before>(ctx, place, {
      async read(workload) {
        const { metadata, spec } = workload;
        const template = hashOf(spec!.template);
        checkExpected(ctx, place, { uid: metadata.uid, template }, { template: "template is" });
        if (spec && "paused" in spec && spec.paused)
          throw badRequest(`${nameOf(place)} is paused: resume its rollout first, then undo it.`);
        const chosen = choose(place, await revisionsOf(ctx, place, workload), asked);
        to = chosen.to;
        return { from: chosen.from.revision, to: chosen.to.revision, template };
      },
      make({ metadata, spec }) {
        spec!.template = structuredClone(to!.template);
        if (place.resource.kind !== "Deployment") return;
        const { [changeCauseKey]: _, ...rest } = metadata.annotations ?? {};
        metadata.annotations = to?.changeCause ? { ...rest, [changeCauseKey]: to.changeCause } : rest;
      },
    });
    if (same)
      return {
        message: `${nameOf(place)} has the template of revision ${before?.to} already.`,
        verified: "none",
      };
    const observed = await observeRollout(ctx, place, object);
    return {
      ...told(`${nameOf(place)} went back to revision ${before?.to ?? asked ?? "before"}`, observed),
      undo: before && {
        type: command.type,
        target: command.target,
        args: {
          revision: before.from,
          expect: { uid: object.metadata.uid, template: hashOf(object.spec!.template) },
        },
      },
    };
  },
};

function choose(
  place: Place,
  revisions: Revision[],
  asked: number | undefined,
): { from: Revision; to: Revision } {
  const from = revisions[0];
  const to = asked === undefined ? revisions[1] : revisions.find((one) => one.revision === asked);
  if (from !== undefined && to !== undefined) return { from, to };
  const kept = revisions.map((one) => one.revision).join(", ");
  if (asked !== undefined && kept !== "")
    throw new OperationError(
      "NotFound",
      `${nameOf(place)} has no revision ${asked}: those that are kept are ${kept}.`,
    );
  throw new OperationError("NotFound", `${nameOf(place)} has no earlier revision to go back to.`);
}

/** What a person looks at before it is done. */
function difference(
  place: Place,
  workload: Rolling,
  { from, to }: { from: Revision; to: Revision },
  revisions: Revision[],
): Outcome {
  return {
    message: `${nameOf(place)} would go from revision ${from.revision} to revision ${to.revision}.`,
    verified: "none",
    data: {
      from: { revision: from.revision, template: workload.spec!.template },
      to: { revision: to.revision, template: to.template },
      revisions: revisions.map(({ template, ...rest }, index) => ({
        ...rest,
        current: index === 0,
        images: template.spec?.containers.map((one) => one.image),
      })),
    },
  };
}

const hashOf = (template: TemplateSpec): string =>
  new Bun.CryptoHasher("sha256")
    .update(JSON.stringify(sorted(template)))
    .digest("hex")
    .slice(0, 16);

/** With keys in order, so that equal templates make equal texts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
