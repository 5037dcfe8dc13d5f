import { createHash } from "node:crypto";
import { problem } from "../../wire/problem.ts";
import type { Origin } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { AuditEntry } from "../audit/audit.ts";
import type { CommandView } from "../../views/command-model.ts";
import { objectOf } from "./types.ts";

/** Who asks for a command, as its row and its audit entry name them; 403 for who never may. */
export function author(by: Principal): { by_kind: string; by_id: string; by_name: string } {
  if (by.kind === "user") return { by_kind: "user", by_id: by.userID, by_name: by.name };
  if (by.kind === "token") return { by_kind: "token", by_id: by.tokenID, by_name: by.name };
  throw problem(403, "an agent's token asks for no commands");
}

type Told = Pick<CommandView, "cluster" | "type" | "target" | "args"> & { id?: string };

/** What somebody asked for, or was refused. */
export function entryOf(
  by: Principal,
  origin: Origin,
  action: string,
  command: Told,
  result: AuditEntry["result"],
): AuditEntry {
  const { by_kind, by_id, by_name } = author(by);
  return {
    actor: { kind: by_kind as "user" | "token", id: by_id, name: by_name },
    address: origin.address,
    action,
    ...placeEntry(command),
    result,
    detail: { command: command.id, type: command.type, args: toldArgs(command.args) },
  };
}

/** What came of it, as its agent told. */
export function endEntry(command: CommandView): AuditEntry {
  return {
    actor: { kind: "cluster", id: command.cluster, name: "agent" },
    action: command.type === "PodExec" ? "exec.end" : "command.end",
    ...placeEntry(command),
    result: command.state === "succeeded" ? "ok" : "failed",
    detail: {
      command: command.id,
      type: command.type,
      state: command.state,
      ...(command.errorCode ? { errorCode: command.errorCode } : {}),
      by: command.by.name,
      ...(command.startedMs && command.endedMs
        ? { seconds: Math.round((command.endedMs - command.startedMs) / 1000) }
        : {}),
      // Of a terminal: how it ended.
      ...(command.type === "PodExec" ? { message: command.message } : {}),
    },
  };
}

function placeEntry({ cluster, type, target }: Told): Pick<AuditEntry, "cluster" | "namespace" | "object"> {
  const { kind, namespace, name } = objectOf(type, target);
  return {
    cluster,
    ...(namespace ? { namespace } : {}),
    object: `${kind} ${namespace ? `${namespace}/` : ""}${name}`,
  };
}

/** Arguments as they may be written down: a manifest may hold anything, so only its hash is. */
function toldArgs(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => {
      if (key !== "manifest" && key !== "expect" && key !== "replace") return [key, value];
      return [key, `sha256:${createHash("sha256").update(JSON.stringify(value)).digest("hex")}`];
    }),
  );
}
