import { variable } from "../../kit/env.ts";
import { type CommandType, commandTypeNames, infoOf, isCommandType } from "../../wire/command-names.ts";

/** Types of commands, `danger`, or none. */
export const approvals = variable((value): string[] => {
  const names = value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && one !== "none");
  const wrong = names.find((one) => one !== "danger" && !isCommandType(one));
  if (wrong !== undefined)
    throw new Error(`must be none, danger, or types of commands: ${commandTypeNames.join(", ")}`);
  return names;
});

/** Whether somebody else has to approve what is asked for. */
export function needsApproval(type: CommandType, approve: readonly string[]): boolean {
  const { writes, danger, stream } = infoOf(type);
  if (!writes || stream) return approve.includes(type);
  return approve.includes(type) || (approve.includes("danger") && danger === true);
}
