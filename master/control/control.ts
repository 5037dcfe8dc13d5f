import type { CommandType } from "../../wire/command-names.ts";
import type { CommandState, CommandView } from "../../views/command-model.ts";
import type { Origin } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";

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
  enqueue(by: Principal, origin: Origin, command: NewCommand): Promise<CommandView>;
  /** Other target or arguments for a command that no agent has yet; 409 when one has. */
  update(
    by: Principal,
    origin: Origin,
    id: string,
    change: Pick<NewCommand, "args"> & { target?: Record<string, string> },
  ): Promise<CommandView>;
  /** Ends what is queued; asks the agent for the others. 409 when it has ended. */
  cancel(by: Principal, origin: Origin, id: string): Promise<CommandView>;
  /** Lets a proposed command go on; 403 to who asked for it: it takes two. */
  approve(by: Principal, origin: Origin, id: string): Promise<CommandView>;
  reject(by: Principal, origin: Origin, id: string): Promise<CommandView>;
  /** Enqueues what takes a command back; 409 with the reason where that cannot be. */
  undo(by: Principal, origin: Origin, id: string): Promise<CommandView>;
  get(by: Principal, id: string): CommandView | undefined;
  list(by: Principal, query: CommandQuery): { items: CommandView[]; total: number; next?: string };
  /** Waits until a command has ended, at most so long; gives it as it is then. */
  wait(by: Principal, id: string, ms: number): Promise<CommandView>;
  /** A reading command and its answer in one: the ended record, or 504 with why there is none. */
  run(by: Principal, origin: Origin, command: NewCommand, ms?: number): Promise<CommandView>;
  /** A command that lasts as long as somebody looks; for who pairs the streams, and nobody else. */
  enqueueStream(by: Principal, origin: Origin, command: NewCommand): Promise<CommandView>;
  /** How many agents ask for a cluster's commands; more than one is a mistake. */
  agentsOf(cluster: string): number;
  /** Called with each command that changed. */
  subscribe(callback: (changed: CommandView) => void): () => void;
}
