import { auditTable } from "../database/audit.ts";
import type { Database } from "../database/database.ts";
import type { MasterEvents } from "../events.ts";
import type { Audit } from "./audit.ts";
import { AuditLog } from "./log.ts";
import { cutAudit } from "./retention.ts";
import { type AuditPage, type AuditQuery, exportAudit, searchAudit, type Visible } from "./search.ts";
import { type Verification, verifyAudit } from "./verify.ts";

/** Reads and verifies the audit log of a running master. */
export interface AuditTrail {
  search(query: AuditQuery & { before?: number; limit: number }, visible: Visible): Promise<AuditPage>;
  /** JSON lines, oldest first, some at a time. */
  export(query: AuditQuery, visible: Visible): AsyncGenerator<string>;
  /** Looks through the whole chain now. */
  verify(): Promise<Verification>;
  /** What the last look found; undefined before the first. */
  verification(): Verification | undefined;
  stop(): Promise<void>;
}

const firstVerifyMs = 5000;
const verifyEveryMs = 86_400_000;
const cutEveryMs = 3_600_000;
/** How often entries of other processes (the command line) are looked for. */
const lookEveryMs = 2000;

/** Starts the audit log: it is verified at the start and daily, and what is too old is cut hourly. */
export function startAudit(
  db: Database,
  key: Uint8Array,
  options: {
    keptMs: number;
    events: Pick<MasterEvents, "auditBroken" | "auditCut" | "failed">;
    changed: () => void;
  },
): { audit: Audit; trail: AuditTrail } {
  const { events, changed } = options;
  const audit = new AuditLog(db, key);
  const table = auditTable(db.main);
  let newest = table.last()?.seq;
  let last: Verification | undefined;
  let busy: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** One after the other; what goes wrong is told, and the next one comes anyway. */
  function background(what: string, work: () => Promise<unknown>): void {
    busy = busy.then(() => (stopped ? undefined : work())).catch((error) => events.failed(what, error));
  }
  let verifying: Promise<Verification> | undefined;
  /** However many ask at once, the log is looked through once. */
  function verify(): Promise<Verification> {
    verifying ??= verifyNow().finally(() => {
      verifying = undefined;
    });
    return verifying;
  }
  async function verifyNow(): Promise<Verification> {
    last = await verifyAudit(db, key);
    if (last.fault) events.auditBroken(last.fault.seq, last.fault.what);
    changed();
    return last;
  }
  async function cut(): Promise<void> {
    const entries = await cutAudit(db, key, audit, options.keptMs, Date.now());
    if (entries > 0) events.auditCut(entries);
  }
  function look(): void {
    try {
      const seq = table.last()?.seq;
      if (seq !== newest) changed();
      newest = seq;
    } catch (error) {
      events.failed("looking at the audit log", error);
    }
  }

  const verifySoon = () => background("verifying the audit log", verify);
  const timers = [
    setTimeout(verifySoon, firstVerifyMs),
    setInterval(verifySoon, verifyEveryMs),
    setInterval(() => background("cutting the audit log", cut), cutEveryMs),
    setInterval(look, lookEveryMs),
  ];
  for (const timer of timers) timer.unref();
  background("cutting the audit log", cut);

  return {
    audit: {
      async record(entry) {
        await audit.record(entry);
        look();
      },
      within(entry) {
        audit.within(entry);
        setImmediate(look);
      },
    },
    trail: {
      search: (query, visible) => searchAudit(db, query, visible),
      export: (query, visible) => exportAudit(db, query, visible),
      verify,
      verification: () => last,
      async stop() {
        stopped = true;
        for (const timer of timers) clearTimeout(timer);
        await busy;
        await audit.settled();
      },
    },
  };
}
