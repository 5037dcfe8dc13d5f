import type { CommandType } from "../../wire/command-names.ts";
import type { Role } from "./principal.ts";

/** The role that each type of command needs where its object is. */
const commandRoles: Readonly<Record<CommandType, Role>> = {
  PodGetLogs: "viewer",
  PodLogsFollow: "viewer",
  ResourceGet: "viewer",
  ResourceList: "viewer",
  PodRestart: "operator",
  PodDelete: "operator",
  PodEvict: "operator",
  PodExec: "operator",
  NodeCordon: "operator",
  NodeUncordon: "operator",
  NodeDrain: "operator",
  ScaleWorkload: "operator",
  UpdateImage: "operator",
  RolloutRestart: "operator",
  RolloutUndo: "operator",
  RolloutPause: "operator",
  RolloutResume: "operator",
  CronJobTrigger: "operator",
  CronJobSuspend: "operator",
  JobRetry: "operator",
  ResourceApply: "operator",
  ResourceDelete: "operator",
};

/** Kinds with which one could give oneself more than one has. */
const powers = new Set([
  "Secret",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
]);

/** The role that a command needs: that of its type, and admin where it touches secrets, rights, or the whole cluster. */
export function commandRole(
  type: CommandType,
  target: Record<string, string>,
  args: Record<string, unknown>,
): Role {
  if (type === "ResourceGet" && args.reveal === true) return "admin";
  if (type === "ResourceApply" || type === "ResourceDelete")
    if (powers.has(target.kind ?? "") || (target.ns ?? "") === "") return "admin";
  return commandRoles[type];
}
