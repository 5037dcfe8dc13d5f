import { sql } from "kysely";
import type { PastAlert } from "../../views/alert-model.ts";
import type { Subject } from "../../views/digest-model.ts";
import type { Database } from "./database.ts";

/** Behind which a page of the past goes on. */
export interface PastCursor {
  atMs: number;
  seq: number;
}

interface Row {
  seq: number;
  at_ms: number;
  note: string;
  about: string;
  next_what: string | null;
  next_ms: number | null;
  taken_by: string | null;
}

/**
 * Each time that an alert began to fire, the newest first, with when it was over and who had it. One that has no end
 * and fires again was cut off with its rule.
 */
export async function pastAlerts(
  db: Database,
  { fromMs, before }: { fromMs: number; before?: PastCursor | undefined },
  limit: number,
): Promise<(PastAlert & { seq: number })[]> {
  const { atMs = Number.MAX_SAFE_INTEGER, seq = 0 } = before ?? {};
  const { rows } = await sql<Row>`
    SELECT began.seq, began.at_ms, began.note, subject.about, next.what AS next_what, next.at_ms AS next_ms,
      (SELECT CASE took.note WHEN 'released' THEN NULL ELSE took.by_name END FROM alert_history AS took
       WHERE took.fingerprint = began.fingerprint AND took.seq > began.seq AND (next.seq IS NULL OR took.seq < next.seq)
         AND took.what = 'acknowledged'
       ORDER BY took.seq DESC LIMIT 1) AS taken_by
    FROM alert_history AS began
    JOIN alert_subjects AS subject ON subject.fingerprint = began.fingerprint
    LEFT JOIN alert_history AS next ON next.seq =
      (SELECT MIN(later.seq) FROM alert_history AS later
       WHERE later.fingerprint = began.fingerprint AND later.seq > began.seq AND later.what IN ('firing', 'resolved'))
    WHERE began.what = 'firing' AND began.at_ms >= ${fromMs} AND began.at_ms <= ${atMs}
      AND (began.at_ms < ${atMs} OR began.seq < ${seq})
    ORDER BY began.at_ms DESC, began.seq DESC
    LIMIT ${limit}`.execute(db.kysely);
  return rows.map((row) => ({
    seq: row.seq,
    about: JSON.parse(row.about) as Subject,
    firedMs: row.at_ms,
    ...(row.next_what === "resolved" ? { resolvedMs: row.next_ms! } : {}),
    summary: row.note,
    ...(row.taken_by ? { takenBy: row.taken_by } : {}),
  }));
}

/** What an alert was about; undefined where nothing is remembered of it. */
export async function pastSubject(db: Database, fingerprint: string): Promise<Subject | undefined> {
  const row = await db.kysely
    .selectFrom("alert_subjects")
    .select("about")
    .where("fingerprint", "=", fingerprint)
    .executeTakeFirst();
  return row && (JSON.parse(row.about) as Subject);
}
