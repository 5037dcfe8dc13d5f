import { isCommandType } from "../../wire/command-names.ts";
import type { AckResult, Command } from "../../wire/control.ts";
import { createBackoff, pause } from "../kube/backoff.ts";
import type { KubeClient } from "../kube/client.ts";
import {
  CancelledError,
  type Json,
  type Operation,
  OperationError,
  type OperationContext,
  StoppingError,
  type StreamAccess,
  TakenOverError,
} from "../operate/operation.ts";
import { failureOf, isPassing } from "./failure.ts";
import { type Job, jobOf, startable } from "./jobs.ts";
import type { Reporter } from "./reporter.ts";
import { Results } from "./results.ts";
import { type CommandRules, refusalOf } from "./rules.ts";

export interface ExecutorOptions {
  client: KubeClient;
  reporter: Reporter;
  rules: CommandRules;
  operations: Partial<Record<string, () => Promise<Operation>>>;
  stream(commandID: string): StreamAccess | undefined;
  times?: Partial<ExecutorTimes>;
  onStart(command: Command): void;
  onEnd(command: Command, result: AckResult): void;
  /** Another agent has it: the master is to be asked again in a while. */
  onTakenOver(command: Command): void;
}

export interface ExecutorTimes {
  /** How long an operation watches whether what was wanted comes true. */
  verifyMs: number;
  /** How long it is tried again while the API server is away. */
  awayMs: number;
}

const defaultTimes: ExecutorTimes = { verifyMs: 660_000, awayMs: 120_000 };

/** How long a command is left to another agent before this one tries it again. */
const takenOverMs = 60_000;

const stopMs = 1500;

/** Carries commands out: those for one object in the order asked, all others side by side. */
export class Executor {
  readonly #options: ExecutorOptions;
  readonly #times: ExecutorTimes;
  /** Waiting or running, in the order in which they came. */
  readonly #jobs = new Map<string, Job>();
  readonly #results = new Results();
  readonly #stopping = new AbortController();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#times = { ...defaultTimes, ...options.times };
  }

  /** Every unfinished command of the cluster; `aheadMs` is the master's clock against ours. */
  take(commands: readonly Command[], aheadMs: number): void {
    if (this.#stopping.signal.aborted) return;
    const open = new Set(commands.map((one) => one.id));
    for (const [id, job] of this.#jobs) if (!job.running && !open.has(id)) this.#jobs.delete(id);
    for (const command of commands) this.#takeOne(command, aheadMs);
    this.#startNext();
  }

  /** Aborts what runs, which then leaves no ack: the next agent goes on with it. */
  async stop(): Promise<void> {
    this.#stopping.abort(new StoppingError("the agent ends"));
    this.#stopped.resolve();
    for (const [id, job] of this.#jobs) if (!job.running) this.#jobs.delete(id);
    // A write that is under way is waited for a moment: what becomes of it otherwise, the next agent finds out.
    await Promise.race([Promise.all(this.#running), Bun.sleep(stopMs)]);
  }

  #takeOne(command: Command, aheadMs: number): void {
    const { id, op } = command;
    const job = this.#jobs.get(id);
    if (job?.running) {
      if (op === "cancel") job.cancel.abort(new CancelledError("Cancelled."));
      return;
    }
    // The agent that has it is asked to cancel it as well.
    if (job !== undefined && job.leftUntilMs > Date.now()) return;
    this.#jobs.delete(id);
    const known = this.#results.of(command);
    if (known !== undefined) {
      void this.#options.reporter.ack(known);
      return;
    }
    const error = this.#refusal(command, aheadMs, job !== undefined);
    if (error !== undefined) this.#fail(command, error);
    else this.#jobs.set(id, jobOf(command));
  }

  /** Why a command is not begun; one that was fetched in time may wait for its turn. */
  #refusal(command: Command, aheadMs: number, waits: boolean): OperationError | undefined {
    const { type, target, op, before, deadline_ms } = command;
    const begun = before !== undefined && before !== null;
    if (op === "cancel")
      return new CancelledError(
        `Cancelled before it was started.${begun ? " What an earlier agent began stays." : ""}`,
      );
    // By the master's clock; what was begun is brought to its end.
    if (!begun && !waits && deadline_ms !== undefined && Date.now() + aheadMs > deadline_ms + 1000)
      return new OperationError("TooLate", "It was not started by its deadline.");
    if (!isCommandType(type) || this.#options.operations[type] === undefined)
      return new OperationError("Unsupported", `This agent does not know ${type}.`);
    const refusal = refusalOf(this.#options.rules, type, target, command.args ?? {});
    return refusal === undefined ? undefined : new OperationError("Refused", refusal);
  }

  #startNext(): void {
    for (const job of startable(this.#jobs.values(), Date.now())) {
      const startedMs = Date.now();
      job.running = true;
      const promise = this.#run(job).finally(() => {
        job.running = false;
        this.#running.delete(promise);
        if (job.leftUntilMs <= startedMs) this.#jobs.delete(job.command.id);
        if (!this.#stopping.signal.aborted) this.#startNext();
      });
      this.#running.add(promise);
    }
  }

  async #run(job: Job): Promise<void> {
    const { command } = job;
    // Another of the same `idem` may have ended while this one waited.
    const known = this.#results.of(command);
    if (known !== undefined) {
      await Promise.race([this.#options.reporter.ack(known), this.#stopped.promise]);
      return;
    }
    const startedAt = new Date().toISOString();
    this.#options.onStart(command);
    const attempts = { count: 0 };
    const ended = () => ({
      commandID: command.id,
      startedAt,
      finishedAt: new Date().toISOString(),
      attempt: attempts.count,
    });
    try {
      const outcome = await this.#attempt(job, attempts);
      await this.#end(command, { status: "success", ...outcome, ...ended() });
    } catch (error) {
      if (error instanceof StoppingError) return;
      if (error instanceof TakenOverError) {
        job.leftUntilMs = Date.now() + takenOverMs;
        return this.#options.onTakenOver(command);
      }
      await this.#end(command, { status: "failed", ...failureOf(error), ...ended() });
    }
  }

  /** Runs the operation, and again from what it recorded while the API server is away. */
  async #attempt(job: Job, attempts: { count: number }) {
    const { command } = job;
    const signal = AbortSignal.any([job.cancel.signal, this.#stopping.signal]);
    const operation = await this.#options.operations[command.type]!();
    const backoff = createBackoff(500, 10_000);
    const untilMs = Date.now() + this.#times.awayMs;
    let before = (command.before ?? undefined) as Json | undefined;
    for (;;) {
      attempts.count++;
      const ctx: OperationContext = {
        client: this.#options.client,
        command,
        before,
        record: async (found) => {
          await this.#options.reporter.record(command.id, found, before, signal);
          before = found;
        },
        progress: (told) =>
          this.#options.reporter.progress({ commandID: command.id, ts_ms: Date.now(), ...told }),
        signal,
        hurry: job.hurry.signal,
        verifyMs: this.#times.verifyMs,
        isProtected: (namespace) => this.#options.rules.protectedNamespaces.includes(namespace),
        stream: job.lane === "stream" ? this.#options.stream(command.id) : undefined,
      };
      try {
        return await operation.run(ctx);
      } catch (error) {
        // An aborted request throws whatever it likes; why it was aborted is what counts.
        if (signal.aborted && !(error instanceof OperationError)) throw signal.reason;
        if (!isPassing(error) || Date.now() > untilMs) throw error;
        ctx.progress({ message: `Trying again: ${failureOf(error).message}` });
        await pause(backoff.next(), signal);
        if (signal.aborted) throw signal.reason;
      }
    }
  }

  #fail(command: Command, error: OperationError): void {
    const at = new Date().toISOString();
    const { errorCode, message } = failureOf(error);
    void this.#end(command, {
      commandID: command.id,
      status: "failed",
      errorCode,
      message,
      startedAt: at,
      finishedAt: at,
      attempt: 0,
    });
  }

  /**
   * Comes back once the master knows of the end. The next command for the same object begins no earlier: its
   * changes would hide those of this one from an agent that is handed both again.
   */
  async #end(command: Command, result: AckResult): Promise<void> {
    this.#results.put(command, result);
    this.#options.onEnd(command, result);
    await Promise.race([this.#options.reporter.ack(result), this.#stopped.promise]);
  }
}
