import { type Audited, auditedBy } from "../master/audit/audited.ts";
import { auditKey } from "../master/audit/key.ts";
import { AuditLog } from "../master/audit/log.ts";
import type { MasterConfig } from "../master/config.ts";
import { type Database, openDatabase } from "../master/database/database.ts";
import { ProblemError } from "../wire/problem.ts";
import { UsageError } from "./command.ts";

/**
 * Opens the master's database beside a master that may be running, and closes it afterwards. What changes it goes
 * through `audited`. What the master would answer to a client as a problem is the caller's mistake here.
 */
export async function withDatabase<T>(
  config: Pick<MasterConfig, "data" | "auditKey">,
  use: (db: Database, audited: Audited) => Promise<T>,
): Promise<T> {
  const db = openDatabase(config.data);
  try {
    const audit = new AuditLog(db, auditKey(config.data, config.auditKey));
    return await use(db, auditedBy({ audit, database: db }, { actor: { kind: "cli", name: userName() } }));
  } catch (error) {
    if (error instanceof ProblemError) throw new UsageError(error.message);
    throw error;
  } finally {
    db.close();
  }
}

/** Who runs this: behind sudo the one who called it. */
function userName(): string {
  const named = process.env.SUDO_USER || process.env.USER || process.env.LOGNAME;
  return named || `uid ${process.getuid?.() ?? "unknown"}`;
}
