import type { Static } from "@sinclair/typebox";
import type { CommandType } from "../../wire/command-names.ts";
import type { Progress, UndoCommand } from "../../wire/control.ts";
import type { Origin } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";

/**
 * `proposed`: waits for another person's approval · `queued`: not yet fetched · `fetched`: an agent has it · `running`: it has told of it · then one of the ends.
 * `cancelling`: somebody asked to cancel what an agent has already.
 */
export type CommandState =
  | "proposed"
  | "queued"
  | "fetched"
  | "running"
  | "cancelling"
  | "succeeded"
  | "failed"
  | "expired"
  | "cancelled";

export interface CommandRecord {
  id: string;
  /** The master's id of the cluster. */
  cluster: string;
  type: CommandType;
  target: Record<string, string>;
  args: Record<string, unknown>;
  idem: string;
  state: CommandState;
  by: { kind: "user" | "token" | "system"; id: string; name: string };
  /** Who approved it, where that was needed. */
  approvedBy?: string;
  createdMs: number;
  /** Fetched by then, or it expires. */
  deadlineMs: number;
  fetchedMs?: number;
  startedMs?: number;
  endedMs?: number;
  attempt?: number;
  /** What the agent said of the end, or why it ended without one. */
  message?: string;
  errorCode?: string;
  verified?: "yes" | "no" | "superseded" | "none";
  /** What a reading command read; held in memory for some minutes and never stored. */
  data?: unknown;
  /** How it can be taken back, until it has been. */
  undo?: UndoCommand;
  /** The command that took it back, and the one that this takes back. */
  undoneBy?: string;
  undoOf?: string;
  /** The newest that the agent told of it. */
  progress?: Omit<Static<typeof Progress>, "before" | "commandID">;
}

export interface NewCommand {
  /** The master's id of the cluster. */
  cluster: string;
  type: CommandType;
  target: Record<string, string>;
  args?: Record<string, unknown>;
  /** The same `idem` of a cluster gives the command that is there already; 409 where its content differs. */
  idem?: string;
  /** From now; 5 minutes by default. */
  deadlineMs?: number;
}

export interface CommandQuery {
  cluster?: string;
  /** Of the object that the target names. */
  kind?: string;
  namespace?: string;
  name?: string;
  type?: CommandType;
  state?: "open" | "ended" | CommandState;
  /** The user's or token's id. */
  by?: string;
  /** Without those that only read. */
  writes?: boolean;
  limit?: number;
  cursor?: string;
}

/**
 * The commands of all clusters. Whoever asks is checked here, and nowhere else: role by type, cluster and
 * namespace by the target (403), shape by type (422). What a principal may not see is not found (404).
 */
export interface Control {
  enqueue(by: Principal, origin: Origin, command: NewCommand): Promise<CommandRecord>;
  /** Other target or arguments for a command that no agent has yet; 409 when one has. */
  update(
    by: Principal,
    origin: Origin,
    id: string,
    change: Pick<NewCommand, "args"> & { target?: Record<string, string> },
  ): Promise<CommandRecord>;
  /** Ends what is queued; asks the agent for the others. 409 when it has ended. */
  cancel(by: Principal, origin: Origin, id: string): Promise<CommandRecord>;
  /** Lets a proposed command go on; 403 to who asked for it: it takes two. */
  approve(by: Principal, origin: Origin, id: string): Promise<CommandRecord>;
  reject(by: Principal, origin: Origin, id: string): Promise<CommandRecord>;
  /** Enqueues what takes a command back; 409 with the reason where that cannot be. */
  undo(by: Principal, origin: Origin, id: string): Promise<CommandRecord>;
  get(by: Principal, id: string): CommandRecord | undefined;
  list(by: Principal, query: CommandQuery): { items: CommandRecord[]; total: number; next?: string };
  /** Waits until a command has ended, at most so long; gives it as it is then. */
  wait(by: Principal, id: string, ms: number): Promise<CommandRecord>;
  /** A reading command and its answer in one: the ended record, or 504 with why there is none. */
  run(by: Principal, origin: Origin, command: NewCommand, ms?: number): Promise<CommandRecord>;
  /** A command that lasts as long as somebody looks; for who pairs the streams, and nobody else. */
  enqueueStream(by: Principal, origin: Origin, command: NewCommand): Promise<CommandRecord>;
  /** How many agents ask for a cluster's commands; more than one is a mistake. */
  agentsOf(cluster: string): number;
  /** Called with each command that changed. */
  subscribe(callback: (changed: CommandRecord) => void): () => void;
}
