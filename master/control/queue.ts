import type { AckResult, CommandSet, Progress } from "../../wire/control.ts";
import { problem } from "../../wire/problem.ts";
import { CommandTable, isOpen, type NewRow, type StoredCommand } from "../database/commands.ts";
import { Agents } from "./agents.ts";
import { endOf, wireCommand } from "./exchange.ts";
import type { CommandView } from "../../views/command-model.ts";
import { ParkedWatches } from "./parked.ts";
import { Results } from "./results.ts";
import type { Database } from "../database/database.ts";
import { Transactions } from "./transactions.ts";

/** So many unfinished commands are handed out at a time, oldest first; the next follow as these end. */
const windowSize = 400;
const refillAt = windowSize / 2;
const hourMs = 3_600_000;

export interface QueueOptions {
  database: Database;
  now: () => number;
  /** How long ended commands are kept; those that only read go after a day. */
  retentionMs: number;
  changed(command: CommandView): void;
  /** Called while the transaction is open in which a command ends; what it throws takes that back. */
  ending(command: CommandView): void;
  /** Called once the end is on disk. */
  ended(command: CommandView): void;
  failed(what: string, error: unknown): void;
}

/**
 * The commands of all clusters as the agents see them: handed out in the order asked, ended by their acks. What is
 * answered is on disk. Who may ask for what is not its business.
 */
export class CommandQueue {
  readonly table: CommandTable;
  readonly agents: Agents;
  readonly parked = new ParkedWatches();
  readonly #transactions: Transactions;
  readonly #results: Results;
  readonly #progress = new Map<string, CommandView["progress"]>();
  readonly #options: QueueOptions;
  readonly #sets = new Map<string, { rv: number; body: string }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pruning: ReturnType<typeof setInterval>;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.table = new CommandTable(options.database.main);
    this.agents = new Agents(options.now);
    this.#transactions = new Transactions(options.database);
    this.#results = new Results(options.now);
    this.#pruning = setInterval(() => void this.#prune(), hourMs);
    this.#pruning.unref();
    this.#schedule();
  }

  /** A command as everybody may see it: with its progress and, while it is held, with what was read. */
  view({
    seq: _seq,
    kind: _k,
    namespace: _n,
    name: _a,
    before: _b,
    beforeRun: _r,
    ...record
  }: StoredCommand) {
    const data = this.#results.get(record.id);
    const progress = this.#progress.get(record.id);
    return {
      ...record,
      ...(data === undefined ? {} : { data }),
      ...(progress ? { progress } : {}),
    } as CommandView;
  }

  /** Adds a command; the one that is there already where its `idem` is taken by the same content. */
  async add(row: Partial<NewRow>, sameAs: (found: StoredCommand) => boolean): Promise<CommandView> {
    const { command, made, rv } = await this.#transactions.run(() => {
      const found = this.table.byIdem(row.cluster!, row.idem!);
      if (found) {
        if (!sameAs(found))
          throw problem(
            409,
            `there is another command with the idem ${row.idem}: repeat that one, or take a new idem`,
            {
              pointer: "/command/idem",
            },
          );
        return { command: found, made: false, rv: 0 };
      }
      this.table.insert(row);
      if (row.undo_of) this.table.set(row.undo_of, { undone_by: row.id! });
      const rv = row.state === "proposed" ? 0 : this.table.bump(row.cluster!);
      return { command: this.table.get(row.id!)!, made: true, rv };
    });
    const record = this.view(command);
    if (made) {
      if (rv > 0) this.parked.grown(record.cluster, rv);
      this.#schedule();
      this.#options.changed(record);
      if (row.undo_of) this.#tellChanged(row.undo_of);
    }
    return record;
  }

  /** Changes an open command by what `change` makes of it; its agent is told. */
  async change(
    id: string,
    change: (found: StoredCommand) => Partial<NewRow>,
    forAgents = true,
  ): Promise<CommandView> {
    const { command, rv } = await this.#transactions.run(() => {
      const found = this.table.get(id);
      if (!found) throw problem(404, "there is no such command");
      this.table.set(id, change(found));
      const rv = forAgents ? this.table.bump(found.cluster) : 0;
      const command = this.table.get(id)!;
      return { command: isOpen(command.state) ? command : this.#ending(id), rv };
    });
    const record = this.view(command);
    if (rv > 0) this.parked.grown(record.cluster, rv);
    this.#schedule();
    this.#tell(record);
    return record;
  }

  /**
   * The unfinished commands of a cluster, as soon as their version is newer than `rv`; undefined after `waitMs`.
   * What is handed out counts as fetched, and is so on disk before.
   */
  async watch(
    cluster: string,
    clusterID: string,
    asked: { rv: number; waitMs: number; run?: string; startedMs?: number },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const heard = this.agents.hear(cluster, asked.run, asked.startedMs);
    let rv = this.table.version(cluster);
    // A database from a backup may be behind what an agent has seen: its version still only grows. And who gets the
    // commands after another has to be handed those that the other had, whatever it has seen.
    const left = heard.tookOver && asked.rv === rv && this.table.window(cluster, windowSize).handed > 0;
    if (asked.rv > rv || left) rv = await this.#transactions.run(() => this.table.bump(cluster, asked.rv));
    if (rv <= asked.rv) {
      await this.parked.wait(cluster, asked.rv, asked.waitMs, signal);
      rv = this.table.version(cluster);
    }
    if (rv <= asked.rv || signal.aborted) return undefined;
    const { leads } = heard.leads ? this.agents.hear(cluster, asked.run, asked.startedMs) : heard;
    if (!leads) return JSON.stringify({ clusterID, rv, commands: [] } satisfies CommandSet);
    const known = this.#sets.get(cluster);
    if (known?.rv === rv) return known.body;
    return this.#handOut(cluster, clusterID);
  }

  async #handOut(cluster: string, clusterID: string): Promise<string> {
    const now = this.#options.now();
    const { rv, commands, fetched } = await this.#transactions.run(() => {
      const commands = this.table.open(cluster, now, windowSize);
      const fetched = commands.filter((one) => one.state === "queued");
      for (const one of fetched) this.table.set(one.id, { state: "fetched", fetched_ms: now });
      return { rv: this.table.version(cluster), commands, fetched };
    });
    for (const one of fetched) this.#options.changed(this.view({ ...one, state: "fetched", fetchedMs: now }));
    const set: CommandSet = { clusterID, rv, commands: commands.map(wireCommand) };
    const body = JSON.stringify(set);
    // Kept for the other watches of this version, unless it is so large that it is not worth it.
    if (body.length < 200_000) this.#sets.set(cluster, { rv, body });
    return body;
  }

  /** Ends the commands that are named, of this cluster and not ended; all others are as they were. */
  async ack(cluster: string, results: readonly AckResult[]): Promise<void> {
    const now = this.#options.now();
    const { ended, rv } = await this.#transactions.run(() => {
      const ended: StoredCommand[] = [];
      for (const result of results) {
        const found = this.table.get(result.commandID);
        if (found?.cluster !== cluster || !isOpen(found.state) || found.state === "proposed") continue;
        this.table.set(found.id, endOf(result, found, now));
        ended.push(this.#ending(found.id));
      }
      return { ended, rv: ended.length > 0 ? this.#refill(cluster, ended.length) : 0 };
    });
    if (ended.length > 0) this.#sets.delete(cluster);
    for (const one of ended) {
      const result = results.find((ack) => ack.commandID === one.id)!;
      if (one.type === "PodGetLogs" && one.state === "succeeded")
        this.#results.put(one.id, { ...(result.data as object | undefined), log: result.message ?? "" });
      else if (result.data !== undefined) this.#results.put(one.id, result.data);
      this.#progress.delete(one.id);
      const record = this.view(one);
      this.#tell(record);
    }
    if (rv > 0) this.parked.grown(cluster, rv);
  }

  /**
   * Where more wait than were handed out, the next set is due when half of these are done. Told from what is on
   * disk, as a master may be started in between.
   */
  #refill(cluster: string, ended: number): number {
    const { waiting, handed } = this.table.window(cluster, windowSize + 1);
    const due = waiting > 0 && handed <= refillAt && handed + ended > refillAt;
    return due ? this.table.bump(cluster) : 0;
  }

  /** Takes what an agent tells of its commands; a record of what was there is on disk when this comes back. */
  async tell(cluster: string, run: string, told: readonly Progress[]): Promise<void> {
    const now = this.#options.now();
    const changed = await this.#transactions.run(() => {
      const changed: { command: StoredCommand; progress: Progress }[] = [];
      for (const one of told) {
        const found = this.table.get(one.commandID);
        const open = found?.cluster === cluster && isOpen(found.state) && found.state !== "proposed";
        if (one.before !== undefined) {
          if (!open) throw problem(404, "there is no such command, or it has ended");
          this.#record(found, run, one);
        }
        if (!open) continue;
        if (found.state === "queued" || found.state === "fetched" || found.startedMs === undefined)
          this.table.set(found.id, {
            state: found.state === "cancelling" ? "cancelling" : "running",
            started_ms: found.startedMs ?? now,
          });
        changed.push({ command: this.table.get(found.id)!, progress: one });
      }
      return changed;
    });
    if (told.some((one) => one.before !== undefined)) this.#sets.delete(cluster);
    for (const { command, progress } of changed) {
      const { before: _b, replaces: _r, commandID: _c, ...rest } = progress;
      if (rest.message !== undefined || rest.items || rest.total !== undefined)
        this.#progress.set(command.id, rest);
      this.#options.changed(this.view(command));
    }
  }

  #record(found: StoredCommand, run: string, { before, replaces }: Progress): void {
    const own = found.beforeRun === undefined || found.beforeRun === run;
    const handed = replaces !== undefined && Bun.deepEquals(replaces, found.before);
    if (!own && !handed) throw problem(409, "another agent has this command");
    this.table.set(found.id, { before: JSON.stringify(before), before_run: run });
  }

  /** Ends what has waited too long. */
  async expire(): Promise<void> {
    const now = this.#options.now();
    const expired = await this.#transactions.run(() => {
      const overdue = this.table.overdue(now);
      for (const one of overdue) {
        const message =
          one.state === "proposed"
            ? "Nobody approved it in time."
            : "No agent fetched it by its deadline, so it was not carried out.";
        this.table.set(one.id, { state: "expired", ended_ms: now, message, error_code: "TooLate" });
      }
      return overdue.map((one) => this.#ending(one.id));
    });
    for (const one of expired) this.#tell(this.view(one));
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pruning);
    this.parked.close();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const at = this.table.nextDeadline();
    if (at === undefined) return;
    const wait = Math.min(Math.max(at - this.#options.now(), 10), hourMs);
    this.#timer = setTimeout(
      () => this.expire().catch((error) => this.#options.failed("expiring commands", error)),
      wait,
    );
    this.#timer.unref();
  }

  async #prune(): Promise<void> {
    const now = this.#options.now();
    await this.#transactions
      .run(() => this.table.prune(now - this.#options.retentionMs, now - 24 * hourMs))
      .catch((error) => this.#options.failed("forgetting old commands", error));
  }

  /** What has just ended, told while its transaction is open. */
  #ending(id: string): StoredCommand {
    const ended = this.table.get(id)!;
    this.#options.ending(this.view(ended));
    return ended;
  }

  #tell(record: CommandView): void {
    this.#options.changed(record);
    if (!isOpen(record.state)) this.#options.ended(record);
  }

  #tellChanged(id: string): void {
    const found = this.table.get(id);
    if (found) this.#options.changed(this.view(found));
  }
}
