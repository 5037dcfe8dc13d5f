import { auditTable, type AuditTable } from "../database/audit.ts";
import type { Database } from "../database/database.ts";
import { genesis, hashOf, type Position } from "./chain.ts";
import { type SealKind, unseal } from "./seal.ts";

/** What a look through the whole chain found. */
export interface Verification {
  atMs: number;
  /** Entries that were looked at, and the place where they end. */
  entries: number;
  end: Position;
  /** The first that is wrong; absent where all is well. */
  fault?: { seq: number; what: string };
}

/** Rows at a time; a master does other things in between. */
const slice = 1000;

/**
 * Looks through the chain, from the checkpoint that retention left to the anchor as it was at the beginning.
 * `known` is a place that somebody noted down earlier, outside: it must still be in the chain.
 */
export async function verifyAudit(db: Database, key: Uint8Array, known?: Position): Promise<Verification> {
  const table = auditTable(db.main);
  for (;;) {
    const before = table.sealed("checkpoint");
    const found = await look(table, key, known);
    // Retention may have cut what was being looked at.
    if (!found.fault || table.sealed("checkpoint") === before) return found;
  }
}

async function look(table: AuditTable, key: Uint8Array, known?: Position): Promise<Verification> {
  const anchor = sealed(table, key, "anchor");
  const checkpoint = sealed(table, key, "checkpoint");
  let at: Position = checkpoint === "bad" ? genesis : (checkpoint ?? genesis);
  let entries = 0;
  const result = (fault?: Verification["fault"]): Verification => ({
    atMs: Date.now(),
    entries,
    end: { seq: at.seq, hash: at.hash },
    ...(fault ? { fault } : {}),
  });
  if (checkpoint === "bad")
    return result({ seq: 0, what: "the checkpoint of what retention cut is not sealed with this key" });
  if (known && known.seq <= at.seq && !same(known, at))
    return known.seq < at.seq
      ? result({ seq: known.seq, what: "was cut by retention: it can no longer be compared" })
      : result({ seq: known.seq, what: "is not the one that was noted down" });
  const until = anchor === "bad" || anchor === undefined ? Number.MAX_SAFE_INTEGER : anchor.seq;
  while (at.seq < until) {
    const rows = table.after(at.seq, slice);
    for (const row of rows) {
      if (row.seq > until) break;
      if (row.seq !== at.seq + 1) return result({ seq: at.seq + 1, what: "is missing" });
      if (hashOf(at.hash, row) !== row.hash)
        return result({ seq: row.seq, what: "was changed, or the one before it was" });
      if (row.action === "audit.broken")
        return result({ seq: row.seq, what: "says that the end of the log before it had been changed" });
      at = row;
      entries++;
      if (known?.seq === at.seq && known.hash !== at.hash)
        return result({ seq: at.seq, what: "is not the one that was noted down" });
    }
    if (rows.length < slice) break;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  if (anchor === "bad")
    return result({ seq: at.seq, what: "is the last, and the end is not sealed with this key" });
  if (anchor === undefined && at.seq > 0)
    return result({ seq: at.seq, what: "is the last, and the seal of the end is missing" });
  if (anchor && at.seq < anchor.seq) return result({ seq: at.seq + 1, what: "is missing" });
  if (anchor && at.hash !== anchor.hash) return result({ seq: at.seq, what: "was changed" });
  if (known && known.seq > at.seq) return result({ seq: known.seq, what: "is missing" });
  const beyond = table.last()?.seq ?? 0;
  // Others append while this looks: then the anchor has moved on with them.
  const now = sealed(table, key, "anchor");
  if (beyond > (now && now !== "bad" ? now.seq : 0))
    return result({ seq: at.seq + 1, what: "was added behind the end" });
  return result();
}

function sealed(table: AuditTable, key: Uint8Array, kind: SealKind): Position | "bad" | undefined {
  const text = table.sealed(kind);
  return text === undefined ? undefined : (unseal(key, kind, text) ?? "bad");
}

function same(a: Position, b: Position): boolean {
  return a.seq === b.seq && a.hash === b.hash;
}
