import type { ClusterView } from "../../views/model.ts";
import { changesSomething, type CommandType } from "../../wire/command-names.ts";

/**
 * Why a cluster's agent would not carry a command out, as far as it has told its own rules; undefined where
 * nothing speaks against it. The agent decides for itself: this only spares the wait.
 */
export function refusalOf(
  cluster: Pick<ClusterView, "name" | "status" | "flavour">,
  type: CommandType,
  target: Record<string, string>,
  args: Record<string, unknown>,
): string | undefined {
  if (cluster.flavour === "host")
    return `${cluster.name} is a machine without Kubernetes: it takes no commands`;
  const control = cluster.status?.control;
  // An agent of AtlHyper 1.x, or one that has not been heard yet, does not tell.
  if (!control) return undefined;
  if (!control.commands.includes(type))
    return `the agent of ${cluster.name} does not carry out ${type}: ATLHYPER_ALLOW_COMMANDS there says so`;
  const namespace = target.ns ?? "";
  const changes = changesSomething(type, args);
  if (changes && control.protectedNamespaces.includes(namespace))
    return `the agent of ${cluster.name} changes nothing in the namespace ${namespace}: ATLHYPER_PROTECT_NAMESPACES there says so`;
  return undefined;
}
