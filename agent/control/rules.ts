import { variable, wordsOf } from "../../kit/env.ts";
import {
  changesSomething,
  type CommandType,
  commandTypeNames,
  infoOf,
  isCommandType,
} from "../../wire/command-names.ts";

/** What this agent does when it is asked, whatever the master thinks. */
export interface CommandRules {
  commands: readonly CommandType[];
  /** Where nothing is changed. */
  protectedNamespaces: readonly string[];
  /** Whether terminals may be opened. */
  exec: boolean;
}

export const defaultRules: CommandRules = {
  commands: commandTypeNames,
  protectedNamespaces: ["kube-system"],
  exec: true,
};

/** `ATLHYPER_ALLOW_COMMANDS`. */
export const allowedCommands = variable((value): CommandType[] => {
  if (value === "all") return commandTypeNames;
  if (value === "none") return [];
  if (value === "read") return commandTypeNames.filter((type) => !infoOf(type).writes);
  const types = wordsOf(value);
  const unknown = types.filter((type) => !isCommandType(type));
  if (unknown.length > 0)
    throw new Error(
      `must be all, none, read, or a list of ${commandTypeNames.join(", ")}: there is no ${unknown.join(", ")}`,
    );
  return types as CommandType[];
});

/** Why the agent does not do what it is asked, in a sentence; undefined where it does. */
export function refusalOf(
  rules: CommandRules,
  type: CommandType,
  target: Record<string, string>,
  args: Record<string, unknown> = {},
): string | undefined {
  if (!rules.commands.includes(type))
    return `The agent of this cluster does not take ${type} (ATLHYPER_ALLOW_COMMANDS).`;
  if (type === "PodExec" && !rules.exec)
    return "The agent of this cluster opens no terminals (ATLHYPER_ALLOW_EXEC).";
  if (!changesSomething(type, args)) return undefined;
  const namespace = target.kind === "Namespace" ? target.name : target.ns;
  if (namespace === undefined || !rules.protectedNamespaces.includes(namespace)) return undefined;
  return `The agent of this cluster changes nothing in namespace ${namespace} (ATLHYPER_PROTECT_NAMESPACES).`;
}
