import type { Rollback } from "../../../views/actions/asked.ts";
import type { DifferenceLine } from "../../../views/parts/difference.ts";
import { ProblemError } from "../../../wire/problem.ts";
import type { Origin } from "../../access/access.ts";
import type { UserPrincipal } from "../../access/principal.ts";
import type { NewCommand } from "../../control/control.ts";
import { textDifference } from "../../difference.ts";
import type { WebDeps } from "../deps.ts";

/** A dialog that waits longer for an agent would be closed by then. */
const waitMs = 5000;

interface Told {
  from: { revision: number; template: unknown };
  to: { revision: number; template: unknown };
  revisions: { revision: number; current: boolean; images?: string[] }[];
}

/** Asks the agent what going back would change; nothing is changed by that. */
export async function askRollback(
  deps: Pick<WebDeps, "control">,
  user: UserPrincipal,
  origin: Origin,
  command: Pick<NewCommand, "cluster" | "target">,
  revision: number | undefined,
): Promise<Rollback> {
  const args = { dryRun: true, ...(revision === undefined ? {} : { revision }) };
  try {
    const ended = await deps.control.run(user, origin, { ...command, type: "RolloutUndo", args }, waitMs);
    const told = ended.data as Told | undefined;
    if (ended.state !== "succeeded" || !told?.to) return { problem: ended.message ?? ended.state };
    return {
      revision: told.to.revision,
      from: told.from.revision,
      revisions: told.revisions.map(({ revision, current, images = [] }) => ({ revision, current, images })),
      difference: difference(told.from.template, told.to.template),
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { problem: error.problem.detail ?? error.problem.title };
  }
}

const yaml = (value: unknown) => `${Bun.YAML.stringify(value, null, 2)}\n`;

/** What differs between two templates as YAML, with some lines around each change. */
export const difference = (from: unknown, to: unknown): DifferenceLine[] =>
  textDifference(yaml(from), yaml(to));
