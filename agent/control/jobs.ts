import { changesSomething, type CommandType, infoOf, orderKeyOf } from "../../wire/command-names.ts";
import type { Command } from "../../wire/control.ts";

/** Those that write, those that only read, and those that last as long as somebody looks. */
type Lane = "write" | "read" | "stream";

/** How many run at the same time; most of those that write only watch what comes of it. */
const bounds: Record<Lane, number> = { write: 64, read: 16, stream: 50 };

/** A command that waits or runs. */
export interface Job {
  command: Command;
  /** Commands of the same key are carried out one after the other; empty: waits for nobody. */
  readonly key: string;
  readonly lane: Lane;
  running: boolean;
  /** Another agent has it until then, and with it the object: what comes after it waits here too. */
  leftUntilMs: number;
  readonly cancel: AbortController;
  readonly hurry: AbortController;
}

/** The job of a command whose type is known. */
export function jobOf(command: Command): Job {
  const type = command.type as CommandType;
  const { stream } = infoOf(type);
  const changes = changesSomething(type, command.args ?? {});
  return {
    command,
    key: changes ? orderKeyOf(command.type, command.target) : "",
    lane: stream ? "stream" : changes ? "write" : "read",
    running: false,
    leftUntilMs: 0,
    cancel: new AbortController(),
    hurry: new AbortController(),
  };
}

/**
 * Which of the jobs, given in the order in which they came, may begin now: the first of its object, where its lane
 * has room. Those that run, or begin, while another waits behind them are told to hurry.
 */
export function startable(jobs: Iterable<Job>, nowMs: number): Job[] {
  const all = [...jobs];
  const running: Record<Lane, number> = { write: 0, read: 0, stream: 0 };
  for (const job of all) if (job.running) running[job.lane]++;
  const first = new Map<string, Job>();
  const begin = new Set<Job>();
  for (const job of all) {
    const ahead = job.key === "" ? undefined : first.get(job.key);
    if (ahead !== undefined) {
      if (ahead.running || begin.has(ahead)) ahead.hurry.abort();
      continue;
    }
    first.set(job.key, job);
    if (job.running || job.leftUntilMs > nowMs || running[job.lane] >= bounds[job.lane]) continue;
    running[job.lane]++;
    begin.add(job);
  }
  return [...begin];
}
