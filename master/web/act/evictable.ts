import type { Evictable } from "../../../views/actions/asked.ts";
import type { ActionObject } from "../../../views/actions/registry.ts";
import { ProblemError } from "../../../wire/problem.ts";
import type { Origin } from "../../access/access.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { WebDeps } from "../deps.ts";
import { targetOf } from "./objects.ts";

/** A dialog that waits longer for an agent would be closed by then. */
const waitMs = 3000;

/** Asks the agents which of some pods their budgets let go now; nothing is evicted by that. */
export function askEvictable(
  deps: Pick<WebDeps, "control">,
  user: UserPrincipal,
  origin: Origin,
  pods: readonly ActionObject[],
): Promise<Evictable[]> {
  return Promise.all(
    pods.map(async (pod): Promise<Evictable> => {
      const target = targetOf("PodEvict", pod);
      const command = { cluster: pod.cluster, type: "PodEvict" as const, target, args: { dryRun: true } };
      try {
        const ended = await deps.control.run(user, origin, command, waitMs);
        if (ended.state !== "succeeded") return { problem: ended.message ?? ended.state };
        return (ended.data ?? {}) as { blockedBy?: string };
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        return { problem: error.problem.detail ?? error.problem.title };
      }
    }),
  );
}
