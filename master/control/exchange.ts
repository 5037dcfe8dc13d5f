import type { CommandState } from "../../views/command-model.ts";
import type { AckResult, Command } from "../../wire/control.ts";
import type { NewRow, StoredCommand } from "../database/commands.ts";

/** What an agent says of an end, as far as it is kept. */
const maxMessage = 4000;

/** A command as its agent is handed it. */
export function wireCommand(one: StoredCommand): Command {
  return {
    id: one.id,
    type: one.type,
    target: one.target,
    args: one.args,
    idem: one.idem,
    op: one.state === "cancelling" ? "cancel" : "add",
    ...(one.before === undefined ? {} : { before: one.before }),
    createdAt_ms: one.createdMs,
    deadline_ms: one.deadlineMs,
  };
}

const time = (text: string | undefined): number | undefined => {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
};

/** What an agent's ack makes of its command. */
export function endOf(result: AckResult, found: StoredCommand, now: number): Partial<NewRow> {
  const state = stateOf(result);
  // The log that a command of AtlHyper 1.x read is its message: it is no part of the history.
  const isLog = found.type === "PodGetLogs" && state === "succeeded";
  return {
    state,
    ended_ms: now,
    started_ms: found.startedMs ?? time(result.startedAt) ?? null,
    attempt: result.attempt ?? null,
    message: isLog ? null : (result.message?.slice(0, maxMessage) ?? null),
    error_code: state === "succeeded" ? null : (result.errorCode ?? "ExecuteError"),
    verified: result.verified ?? null,
    undo: result.undo ? JSON.stringify(result.undo) : null,
  };
}

function stateOf({ status, errorCode }: AckResult): CommandState {
  if (/^succe/i.test(status)) return "succeeded";
  if (errorCode === "Cancelled") return "cancelled";
  return errorCode === "TooLate" ? "expired" : "failed";
}
