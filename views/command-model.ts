import type { CommandType } from "../wire/command-names.ts";
import type { Progress, UndoCommand } from "../wire/control.ts";

/**
 * `proposed`: waits for another person's approval · `queued`: not yet fetched · `fetched`: an agent has it ·
 * `running`: it has told of it · `cancelling`: somebody asked to cancel what an agent has already · then one of the ends.
 */
export const commandStates = [
  "proposed",
  "queued",
  "fetched",
  "running",
  "cancelling",
  "succeeded",
  "failed",
  "expired",
  "cancelled",
] as const;
export type CommandState = (typeof commandStates)[number];

/** Something that somebody asked an agent to do, and what came of it. */
export interface CommandView {
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
  progress?: Omit<Progress, "before" | "replaces" | "commandID">;
}
