import { auditTable, type AuditTable } from "../database/audit.ts";
import type { Database } from "../database/database.ts";
import { databaseFault } from "../database/errors.ts";
import type { Audit, AuditEntry } from "./audit.ts";
import { type AuditRow, follow, genesis, type Position } from "./chain.ts";
import { seal, unseal } from "./seal.ts";

interface Waiting {
  entry: AuditEntry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Most entries of one transaction, so that it holds up everything else for some 10 ms at most. */
const mostEntries = 500;

/**
 * Appends to the audit log. What comes in the same turn of the event loop is one transaction: one sync to disk for
 * all of it. With the entries the anchor is written, a sealed position of the chain's end, so that entries that are
 * taken away from the end are missed. Any number of processes may append.
 */
export class AuditLog implements Audit {
  readonly #db: Database;
  readonly #key: Uint8Array;
  readonly #now: () => number;
  readonly #appended: () => void;
  readonly #table: AuditTable;
  readonly #tenantOf;
  #queue: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(db: Database, key: Uint8Array, options: { now?: () => number; appended?: () => void } = {}) {
    this.#db = db;
    this.#key = key;
    this.#now = options.now ?? Date.now;
    this.#appended = options.appended ?? (() => {});
    this.#table = auditTable(db.main);
    this.#tenantOf = db.main.prepare<{ tenant: string }, [string]>(
      "SELECT tenant FROM clusters WHERE id = ?",
    );
  }

  async record(entry: AuditEntry): Promise<void> {
    if (this.#db.inTransaction()) this.within(entry);
    else await this.#enqueue(entry);
  }

  within(entry: AuditEntry): void {
    if (!this.#db.inTransaction()) throw new Error("this is not within a transaction");
    this.#append([entry]);
  }

  #enqueue(entry: AuditEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ entry, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** Resolves when everything that was recorded so far is on disk or refused. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, mostEntries);
      try {
        await this.#db.transaction(async () => this.#append(group.map((one) => one.entry)));
        for (const one of group) one.resolve();
      } catch (error) {
        for (const one of group) one.reject(databaseFault(error));
      }
    }
    this.#working = undefined;
    this.#appended();
  }

  #append(entries: readonly AuditEntry[]): void {
    const now = this.#now();
    let { position, broken } = this.#end();
    const put = (entry: AuditEntry) => {
      const row = follow(position, entry, now);
      this.#table.insert(row);
      position = row;
    };
    if (broken) put(broken);
    for (const entry of entries) put(this.#placed(entry));
    this.#table.setSealed("anchor", seal(this.#key, "anchor", position));
  }

  /** What is told of a cluster is its tenant's to read, also when the cluster is gone. */
  #placed(entry: AuditEntry): AuditEntry {
    if (entry.cluster === undefined || entry.tenant !== undefined) return entry;
    const tenant = this.#tenantOf.get(entry.cluster)?.tenant;
    return tenant === undefined ? entry : { ...entry, tenant };
  }

  /**
   * Where the chain goes on: from its anchor, even where entries before it are missing, so that they stay missing.
   * Without a good anchor it goes on from what is there, and an entry says so for as long as it is kept.
   */
  #end(): { position: Position; broken?: AuditEntry } {
    const sealed = this.#table.sealed("anchor");
    const anchor = sealed === undefined ? undefined : unseal(this.#key, "anchor", sealed);
    const last: AuditRow | undefined = this.#table.last();
    if (anchor && (last?.seq ?? 0) <= anchor.seq) return { position: anchor };
    if (sealed === undefined && last === undefined) return { position: genesis };
    return {
      position: last ?? genesis,
      broken: {
        actor: { kind: "system", name: "atlhyper" },
        action: "audit.broken",
        result: "failed",
        detail: {
          reason: anchor ? "there were entries behind the end" : "the end was not sealed with this key",
        },
      },
    };
  }
}
