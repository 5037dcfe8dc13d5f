import type { Database } from "../database/database.ts";
import type { Audit, AuditEntry } from "./audit.ts";

/** What an entry says besides who did it. */
export type Deed = Omit<AuditEntry, "actor" | "address" | "result">;

/** Does something in the database and records it, as one transaction; `deed` may tell what `work` gave. */
export type Audited = <T>(deed: Deed | ((done: T) => Deed), work: () => Promise<T>) => Promise<T>;

/** For one who acts. */
export function auditedBy(
  { audit, database }: { audit: Audit; database: Database },
  who: Pick<AuditEntry, "actor" | "address">,
): Audited {
  return (deed, work) =>
    database.transaction(async () => {
      const done = await work();
      await audit.record({ ...who, ...(typeof deed === "function" ? deed(done) : deed), result: "ok" });
      return done;
    });
}
