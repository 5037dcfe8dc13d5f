import { problem } from "../../wire/problem.ts";

const full = new Set(["SQLITE_FULL"]);
const away = new Set(["SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"]);

/**
 * What a fault of the database means for the one who asked: 507 when the disk is full, 503 when the database
 * cannot be written or read now; anything else stays what it is. Nothing of the transaction was kept.
 */
export function databaseFault(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string") return error;
  const fault = (status: number, detail: string, retryAfterSeconds: number) =>
    Object.assign(problem(status, detail, { retryAfterSeconds }), { cause: error });
  if (full.has(code)) return fault(507, "the disk is full: nothing was stored", 30);
  const family = code.split("_").slice(0, 2).join("_");
  if (away.has(family)) return fault(503, "the database cannot be written now: nothing was stored", 5);
  if (family === "SQLITE_IOERR") return fault(503, "the disk gave an error: nothing was stored", 5);
  return error;
}
