import type { CommandType } from "../../wire/command-names.ts";
import type { Command, ProgressItem, UndoCommand } from "../../wire/control.ts";
import type { KubeClient } from "../kube/client.ts";

/** What can be written as JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What an operation is given: the way to the API server, and how to tell the master what it does. */
export interface OperationContext {
  client: KubeClient;
  command: Command;
  /**
   * What an earlier attempt recorded; undefined where nothing was changed yet. Given, the operation must act
   * under the same preconditions, and take what has happened already as done.
   */
  before: Json | undefined;
  /**
   * Tells the master what is there, and comes back once it is stored: nothing may be changed earlier. Throws
   * where it cannot be stored, or another agent has taken the command over.
   */
  record(before: Json): Promise<void>;
  /** Tells how far it is; cheap, sent at most a few times a second. */
  progress(told: { message?: string; done?: number; total?: number; items?: ProgressItem[] }): void;
  /** Aborted when the command is cancelled or the agent stops; `signal.reason` is a CancelledError or a StoppingError. */
  signal: AbortSignal;
  /** Aborted when another command for the same object waits: a verification ends then, as `superseded`. */
  hurry: AbortSignal;
  /** How long it may be watched whether what was wanted comes true. */
  verifyMs: number;
  /**
   * Whether the agent's own rules forbid changes there. The target's namespace has been looked at already; this is
   * for what a manifest names.
   */
  isProtected(namespace: string): boolean;
  /** For a streaming command: where its WebSocket to the master is opened. A master of AtlHyper 1.x has none. */
  stream: StreamAccess | undefined;
}

export interface StreamAccess {
  /** ws: or wss:, with the command's id. */
  url: string;
  headers: Record<string, string>;
  tls: { ca: string } | undefined;
}

export interface Outcome {
  /** One sentence for a person: what was done, and what came of it. */
  message: string;
  /** What a reading operation read. */
  data?: unknown;
  /** How it can be taken back. */
  undo?: UndoCommand;
  /** Whether what was wanted came true within the time; `none` where there is nothing to wait for. */
  verified?: "yes" | "no" | "superseded" | "none";
}

/** One type of command: one file in this folder. */
export interface Operation {
  readonly type: CommandType;
  /** Carries the command out. Throws an OperationError, or a KubeError, which is told as it is. */
  run(ctx: OperationContext): Promise<Outcome>;
}

/**
 * Why a command was not carried out. `code` is the ack's errorCode: BadRequest, Unsupported, ExecuteError as in
 * AtlHyper 1.x; ours are Refused (the agent's own rules), Forbidden (its RBAC), NotFound, Conflict (the object
 * has moved on), NotVerified (done, but what was wanted did not come true in time), Cancelled, TooLate,
 * Unreachable, Blocked.
 */
export class OperationError extends Error {
  readonly code: string;
  /** How what was done until then can be taken back. */
  readonly undo: UndoCommand | undefined;
  constructor(code: string, message: string, undo?: UndoCommand) {
    super(message);
    this.name = "OperationError";
    this.code = code;
    this.undo = undo;
  }
}
/** Somebody asked for it to be cancelled. */
export class CancelledError extends OperationError {
  constructor(message = "cancelled") {
    super("Cancelled", message);
  }
}
/** The agent ends: the command is left as it is, and goes on with the next agent. */
export class StoppingError extends Error {}
/** Another agent has the command, or the master has ended it: this agent leaves it without an ack. */
export class TakenOverError extends Error {}

/** On every object that a command changes: the id of the command, so that a repetition finds its own effect. */
export const commandAnnotation = "atlhyper.io/command";
