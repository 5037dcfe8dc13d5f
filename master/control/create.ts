import { isCommandType } from "../../wire/command-names.ts";
import { problem } from "../../wire/problem.ts";
import type { Access, Origin } from "../access/access.ts";
import { commandRole } from "../access/command-roles.ts";
import type { Principal } from "../access/principal.ts";
import type { Audit } from "../audit/audit.ts";
import type { Database } from "../database/database.ts";
import { isOpen, seenCommands, type StoredCommand } from "../database/commands.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { MasterEvents } from "../events.ts";
import type { CommandQuery, Control } from "./control.ts";
import type { CommandView } from "../../views/command-model.ts";
import { createEnqueue, defaultDeadlineMs, withoutNulls } from "./enqueue.ts";
import { author, endEntry, entryOf } from "./entries.ts";
import { CommandQueue } from "./queue.ts";
import { checkCommand, objectOf } from "./types.ts";
import { commandRights, isReadOnly, readOnly } from "./rights.ts";
import { Waiters } from "./waiters.ts";

export interface ControlOptions {
  database: Database;
  access: Pick<Access, "may" | "sight">;
  audit: Audit;
  datasource: Pick<ManagedDatasource, "cluster">;
  events: Pick<MasterEvents, "failed" | "commandEnqueued" | "commandEnded">;
  /** Types of commands that take two people. */
  approve: readonly string[];
  retentionMs: number;
  now?: () => number;
}

export interface ManagedControl extends Control {
  queue: CommandQueue;
  stop(): void;
}

const readMs = 20_000;

/** Commands as people and programs ask for them: who may, what fits, and that it is written down. */
export function createControl(options: ControlOptions): ManagedControl {
  const { access, audit, datasource, events } = options;
  const now = options.now ?? Date.now;
  const waiters = new Waiters();
  const queue = new CommandQueue({
    database: options.database,
    now,
    retentionMs: options.retentionMs,
    changed: (command) => waiters.tell(command),
    // In the same transaction: no end without its entry.
    ending: (command) => audit.within(endEntry(command)),
    ended: (command) => events.commandEnded(command.type, command.state),
    failed: (what, error) => events.failed(what, error),
  });
  const { table } = queue;

  const { mayDo, maySee } = commandRights(access);
  const enqueue = createEnqueue({ ...options, queue, mayDo, now });

  /** What was read is for who asked: somebody else may not have been let read it. */
  function shown(by: Principal, command: StoredCommand): CommandView {
    const { data, ...record } = queue.view(command);
    return data === undefined || command.by.id !== author(by).by_id ? record : { ...record, data };
  }

  function seen(by: Principal, id: string): StoredCommand {
    const found = table.get(id);
    if (!found || !maySee(by, found)) throw problem(404, "there is no such command");
    return found;
  }

  /** The command, where this principal may do what it does. */
  async function own(by: Principal, origin: Origin, id: string, action: string): Promise<StoredCommand> {
    const found = seen(by, id);
    if (mayDo(by, found) && !isReadOnly(by)) return found;
    await audit.record(entryOf(by, origin, `command.${action}`, found, "refused"));
    if (isReadOnly(by)) throw readOnly();
    throw problem(403, `this needs the role ${commandRole(found.type, found.target, found.args)}`);
  }

  const control: ManagedControl = {
    queue,
    enqueue: (by, origin, command) => enqueue(by, origin, command),
    enqueueStream: (by, origin, command) => enqueue(by, origin, command, { stream: true }),

    async update(by, origin, id, change) {
      const found = await own(by, origin, id, "update");
      const target = change.target ?? found.target;
      const args = withoutNulls(change.args ?? found.args);
      checkCommand(found.type, target, args);
      if (!mayDo(by, { ...found, target, args }))
        throw problem(403, `this needs the role ${commandRole(found.type, target, args)}`);
      await audit.record(entryOf(by, origin, "command.update", { ...found, target, args }, "ok"));
      return queue.change(id, (now) => {
        if (now.state !== "queued" && now.state !== "proposed")
          throw problem(409, "its agent has it already: cancel it, and ask for another");
        return {
          target: JSON.stringify(target),
          args: JSON.stringify(args),
          ...objectOf(found.type, target),
        };
      });
    },

    async cancel(by, origin, id) {
      const found = await own(by, origin, id, "cancel");
      await audit.record(entryOf(by, origin, "command.cancel", found, "ok"));
      return queue.change(id, ({ state }) => {
        if (!isOpen(state)) throw problem(409, `it has ended: ${state}`);
        if (state === "queued" || state === "proposed")
          return {
            state: "cancelled",
            ended_ms: now(),
            message: "Cancelled before an agent had it.",
            error_code: "Cancelled",
          };
        return { state: "cancelling" };
      });
    },

    async approve(by, origin, id) {
      const found = await own(by, origin, id, "approve");
      if (found.by.id === author(by).by_id)
        throw problem(403, "it takes two: somebody else than who asked for it has to approve it");
      await audit.record(entryOf(by, origin, "command.approve", found, "ok"));
      return queue.change(id, ({ state }) => {
        if (state !== "proposed") throw problem(409, `it does not wait for an approval: it is ${state}`);
        return {
          state: "queued",
          approved_by: author(by).by_name,
          deadline_ms: now() + defaultDeadlineMs,
        };
      });
    },

    async reject(by, origin, id) {
      const found = await own(by, origin, id, "reject");
      await audit.record(entryOf(by, origin, "command.reject", found, "ok"));
      return queue.change(id, ({ state }) => {
        if (state !== "proposed") throw problem(409, `it does not wait for an approval: it is ${state}`);
        return {
          state: "cancelled",
          ended_ms: now(),
          message: `${author(by).by_name} rejected it.`,
          error_code: "Rejected",
        };
      });
    },

    async undo(by, origin, id) {
      const found = await own(by, origin, id, "undo");
      if (found.undoneBy) {
        // Asked twice, as by a double click: the same one.
        const there = table.get(found.undoneBy);
        if (there && isOpen(there.state)) return queue.view(there);
        // One that did not come to anything may be tried again.
        if (!there || there.state === "succeeded") throw problem(409, "it has been taken back already");
      }
      if (isOpen(found.state)) throw problem(409, "it has not ended yet: cancel it, or wait");
      if (!found.undo) throw problem(409, "there is nothing that would take this back");
      const { type, target, args = {} } = found.undo;
      if (!isCommandType(type)) throw problem(409, "its agent knows a way back that this master does not");
      const idem = `undo:${id}${found.undoneBy ? `:${found.undoneBy}` : ""}`;
      return enqueue(by, origin, { cluster: found.cluster, type, target, args, idem }, { undoOf: id });
    },

    get(by, id) {
      const found = table.get(id);
      return found && maySee(by, found) ? shown(by, found) : undefined;
    },

    list(by, query) {
      const limit = query.limit ?? 100;
      const { items, total } = table.search(query, seenCommands(access.sight(by)), cursorOf(query), limit);
      const last = items.length === limit ? items.at(-1) : undefined;
      return {
        items: items.map((one) => shown(by, one)),
        total,
        ...(last ? { next: String(last.seq) } : {}),
      };
    },

    async wait(by, id, ms) {
      const found = seen(by, id);
      if (isOpen(found.state)) await waiters.ended(id, ms, () => !isOpen(table.get(id)?.state ?? "failed"));
      return shown(by, seen(by, id));
    },

    async run(by, origin, command, ms = readMs) {
      const { id } = await enqueue(by, origin, { deadlineMs: ms, ...command });
      const record = await control.wait(by, id, ms);
      if (!isOpen(record.state) && record.state !== "expired") return record;
      const agent = datasource.cluster(command.cluster);
      throw problem(
        504,
        agent?.connection === "connected"
          ? "the cluster's agent did not answer in time"
          : "the cluster's agent is not connected",
      );
    },

    agentsOf: (cluster) => queue.agents.count(cluster),
    subscribe: (callback) => waiters.subscribe(callback),
    stop: () => queue.stop(),
  };
  return control;
}

function cursorOf({ cursor }: CommandQuery): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const seq = Number(cursor);
  if (!Number.isSafeInteger(seq) || seq < 1)
    throw problem(422, "cursor must be the `next` of the page before", { pointer: "/cursor" });
  return seq;
}
