import { auditTable } from "../database/audit.ts";
import type { Database } from "../database/database.ts";
import type { Audit } from "./audit.ts";
import { genesis, hashOf, type Position } from "./chain.ts";
import { seal, unseal } from "./seal.ts";

const dayMs = 86_400_000;
const slice = 1000;

/**
 * Cuts the days (UTC) that are over for longer than `keptMs` off the log's beginning, up to the first entry that is
 * younger. The place of the cut is kept as a sealed checkpoint, from which the rest is verified on, and is itself
 * an entry. What does not verify is not cut: it is evidence. Gives how many entries went.
 */
export async function cutAudit(
  db: Database,
  key: Uint8Array,
  audit: Audit,
  keptMs: number,
  nowMs: number,
): Promise<number> {
  const table = auditTable(db.main);
  const sealed = table.sealed("checkpoint");
  const from = sealed === undefined ? genesis : unseal(key, "checkpoint", sealed);
  if (!from) return 0;
  const beforeMs = Math.floor((nowMs - keptMs) / dayMs) * dayMs;
  let to: Position = from;
  let newestMs = 0;
  search: for (;;) {
    const rows = table.after(to.seq, slice);
    for (const row of rows) {
      if (row.at_ms >= beforeMs || row.seq !== to.seq + 1 || hashOf(to.hash, row) !== row.hash) break search;
      to = { seq: row.seq, hash: row.hash };
      newestMs = row.at_ms;
    }
    if (rows.length < slice) break;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const entries = to.seq - from.seq;
  if (entries === 0) return 0;
  await audit.record({
    actor: { kind: "system", name: "atlhyper" },
    action: "audit.cut",
    result: "ok",
    detail: { from: from.seq + 1, to: to.seq, hash: to.hash, until: new Date(newestMs).toISOString() },
  });
  await db.transaction(async () => {
    table.removeUpTo(to.seq);
    table.setSealed("checkpoint", seal(key, "checkpoint", to));
  });
  return entries;
}
