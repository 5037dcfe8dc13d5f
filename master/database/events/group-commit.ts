import type { Database as Sqlite } from "bun:sqlite";
import type { Event } from "../../../wire/event.ts";
import { ProblemError } from "../../../wire/problem.ts";
import { databaseFault } from "../errors.ts";
import type { FullText } from "./fulltext.ts";
import type { AppendResult } from "./store.ts";
import type { Writer } from "./writer.ts";

interface Append {
  cluster: string;
  events: readonly Event[];
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

/** Most events of one transaction, so that it holds up everything else for some 10 ms at most. */
const mostEvents = 1000;

/** Puts what comes in the same turn of the event loop into one transaction: one sync to disk for all of it. */
export class GroupCommit {
  readonly #sqlite: Sqlite;
  readonly #writer: Writer;
  readonly #text: FullText;
  readonly #now: () => number;
  readonly #committed: (events: number) => void;
  #queue: Append[] = [];
  #scheduled = false;
  #idle: (() => void)[] = [];

  constructor(
    sqlite: Sqlite,
    writer: Writer,
    text: FullText,
    now: () => number,
    committed: (events: number) => void,
  ) {
    this.#sqlite = sqlite;
    this.#writer = writer;
    this.#text = text;
    this.#now = now;
    this.#committed = committed;
  }

  append(cluster: string, events: readonly Event[]): Promise<AppendResult> {
    if (events.length === 0) return Promise.resolve({ stored: 0, changed: 0 });
    return new Promise((resolve, reject) => {
      this.#queue.push({ cluster, events, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when everything that was appended is committed or refused. */
  settled(): Promise<void> {
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const group: Append[] = [];
      let size = 0;
      while (this.#queue.length > group.length) {
        size += this.#queue[group.length]!.events.length;
        if (group.length > 0 && size > mostEvents) break;
        group.push(this.#queue[group.length]!);
      }
      this.#queue.splice(0, group.length);
      this.#commit(group);
      if (this.#queue.length > 0) this.#schedule();
      else for (const resolve of this.#idle.splice(0)) resolve();
    });
  }

  #commit(group: readonly Append[]): void {
    try {
      const results = this.#transaction(group);
      for (const [at, one] of group.entries()) one.resolve(results[at]!);
      this.#committed(results.reduce((sum, result) => sum + result.stored, 0));
    } catch (error) {
      const fault = databaseFault(error);
      // A fault of the disk is everybody's. Any other is of one among them, and only that one is refused.
      if (fault instanceof ProblemError || group.length === 1) for (const one of group) one.reject(fault);
      else for (const one of group) this.#commit([one]);
    }
  }

  #transaction(group: readonly Append[]): AppendResult[] {
    const nowMs = this.#now();
    try {
      this.#sqlite.run("BEGIN IMMEDIATE");
      const results = group.map((one) => this.#writer.store(one.cluster, one.events, nowMs));
      const noted = this.#writer.finish();
      this.#sqlite.run("COMMIT");
      this.#text.waiting += noted;
      return results;
    } catch (error) {
      // SQLite itself takes a transaction back when the disk is full.
      if (this.#sqlite.inTransaction) this.#sqlite.run("ROLLBACK");
      this.#writer.reset();
      throw error;
    }
  }
}
