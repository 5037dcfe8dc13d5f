import { changesSomething, commandTypes, infoOf, isCommandType } from "../../wire/command-names.ts";
import { problem } from "../../wire/problem.ts";
import type { CommandView } from "../../views/command-model.ts";
import type { Origin } from "../access/access.ts";
import { commandRole } from "../access/command-roles.ts";
import type { Principal } from "../access/principal.ts";
import { sightOf } from "../access/sight.ts";
import type { StoredCommand } from "../database/commands.ts";
import { randomId } from "../database/token.ts";
import { needsApproval } from "./approval.ts";
import type { NewCommand } from "./control.ts";
import type { ControlOptions } from "./create.ts";
import { author, entryOf } from "./entries.ts";
import type { CommandQueue } from "./queue.ts";
import { refusalOf } from "./refusal.ts";
import { type CommandRights, isReadOnly, readOnly } from "./rights.ts";
import { checkCommand, objectOf } from "./types.ts";

export const defaultDeadlineMs = 5 * 60_000;
const approvalMs = 60 * 60_000;

type EnqueueParts = Pick<ControlOptions, "access" | "audit" | "datasource" | "events" | "approve"> &
  Pick<CommandRights, "mayDo"> & { queue: CommandQueue; now: () => number };

/** How a command is asked for: whether it fits, whether one may, and that it is written down before it is done. */
export function createEnqueue({
  access,
  audit,
  datasource,
  events,
  approve,
  mayDo,
  queue,
  now,
}: EnqueueParts) {
  return async function enqueue(
    by: Principal,
    origin: Origin,
    asked: NewCommand,
    more: { undoOf?: string; stream?: true } = {},
  ): Promise<CommandView> {
    const { cluster, type, target } = asked;
    const args = withoutNulls(asked.args ?? {});
    const known = datasource.cluster(cluster);
    if (!known || !sightOf(access.sight(by), cluster)) throw problem(404, "there is no such cluster");
    if (!isCommandType(type))
      throw problem(
        422,
        `there is no command ${JSON.stringify(String(type).slice(0, 50))}: ${Object.keys(commandTypes).join(", ")}`,
        {
          pointer: "/command/type",
        },
      );
    if (infoOf(type).stream && !more.stream)
      throw problem(422, `${type} lasts as long as somebody looks: open it on its page`, {
        pointer: "/command/type",
      });
    checkCommand(type, target, args);
    const command = { cluster, type, target, args };
    if (!mayDo(by, command)) {
      await audit.record(entryOf(by, origin, "command.enqueue", command, "refused"));
      throw problem(403, `${type} there needs the role ${commandRole(type, target, args)}`);
    }
    if (isReadOnly(by) && (changesSomething(type, args) || args.reveal === true)) {
      await audit.record(entryOf(by, origin, "command.enqueue", command, "refused"));
      throw readOnly();
    }
    const refusal = refusalOf(known, type, target, args);
    if (refusal) throw problem(409, refusal);
    const id = randomId();
    const nowMs = now();
    const proposed = !(infoOf(type).tries && args.dryRun === true) && needsApproval(type, approve);
    const row = {
      id,
      cluster,
      type,
      target: JSON.stringify(target),
      args: JSON.stringify(args),
      ...objectOf(type, target),
      idem: asked.idem ?? id,
      writes: changesSomething(type, args) ? 1 : 0,
      state: proposed ? "proposed" : "queued",
      open: 1,
      ...author(by),
      created_ms: nowMs,
      deadline_ms: nowMs + (proposed ? approvalMs : (asked.deadlineMs ?? defaultDeadlineMs)),
      ...(more.undoOf ? { undo_of: more.undoOf } : {}),
    };
    // Written down first: what cannot be audited is not done. Reading is told only where it reveals something.
    const told = row.writes === 1 || args.reveal === true;
    if (told && !queue.table.byIdem(cluster, row.idem))
      await audit.record(
        entryOf(
          by,
          origin,
          args.reveal === true ? "secret.view" : type === "PodExec" ? "exec.begin" : "command.enqueue",
          { ...command, id },
          "ok",
        ),
      );
    const same = (found: StoredCommand) =>
      found.type === type && Bun.deepEquals(found.target, target) && Bun.deepEquals(found.args, args);
    const record = await queue.add(row, same);
    if (record.id === id) events.commandEnqueued(type);
    return record;
  };
}

export function withoutNulls(args: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}
