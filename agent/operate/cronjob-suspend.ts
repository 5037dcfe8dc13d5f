import { resources } from "../kube/resource.ts";
import type { CronJobObject } from "../project/kube.ts";
import { flag, workloadPlace } from "./args.ts";
import { changeObject, checkExpected, nameOf } from "./change.ts";
import type { Operation } from "./operation.ts";

/** Starts no further jobs, or does again. `args`: suspend (true). */
export const cronJobSuspend: Operation = {
  type: "CronJobSuspend",
  async run(ctx) {
    const { command } = ctx;
    const place = workloadPlace(command, [resources.cronjobs]);
    const suspend = flag(command, "suspend") ?? true;
    const { before, object, same } = await changeObject<CronJobObject, { suspend: boolean }>(ctx, place, {
      read({ metadata, spec }) {
        const now = spec?.suspend ?? false;
        checkExpected(ctx, place, { uid: metadata.uid, suspend: now });
        return { suspend: now };
      },
      make({ spec }) {
        spec!.suspend = suspend;
      },
    });
    const state = suspend ? "suspended" : "no longer suspended";
    if (same) return { message: `${nameOf(place)} is ${state} already.`, verified: "none" };
    return {
      message: suspend
        ? `${nameOf(place)} was suspended: it starts no further jobs.`
        : `${nameOf(place)} is no longer suspended: it starts jobs by its schedule again.`,
      verified: "none",
      undo: before && {
        type: command.type,
        target: command.target,
        args: { suspend: !suspend, expect: { uid: object.metadata.uid, suspend } },
      },
    };
  },
};
