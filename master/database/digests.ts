import { sql } from "kysely";
import type { AlertView } from "../../views/alert-model.ts";
import type { Subject } from "../../views/digest-model.ts";
import type { SentDigest } from "../alert/digest/plan.ts";
import type { Happening } from "../alert/digest/summary.ts";
import { inBatches } from "./batches.ts";
import type { Database } from "./database.ts";

export const subjectOf = (one: AlertView): Subject => {
  const { fingerprint, rule, name, severity, cluster, kind, namespace, object, labels } = one;
  return { fingerprint, rule, name, severity, cluster, kind, namespace, object, labels };
};

/** Remembers what alerts are about, as long as something is remembered that happened to them. */
export async function putSubjects(db: Database, alerts: readonly AlertView[]): Promise<void> {
  await inBatches(alerts, (batch) =>
    db.kysely
      .insertInto("alert_subjects")
      .values(batch.map((one) => ({ fingerprint: one.fingerprint, about: JSON.stringify(subjectOf(one)) })))
      .onConflict((conflict) =>
        conflict.column("fingerprint").doUpdateSet({ about: (row) => row.ref("excluded.about") }),
      )
      .execute(),
  );
}

export async function pruneSubjects(db: Database): Promise<void> {
  await db.kysely
    .deleteFrom("alert_subjects")
    .where(
      sql<boolean>`NOT EXISTS (SELECT 1 FROM alert_history AS h WHERE h.fingerprint = alert_subjects.fingerprint)`,
    )
    .execute();
}

export async function subjectsOf(db: Database, fingerprints: readonly string[]): Promise<Subject[]> {
  const rows = await db.kysely
    .selectFrom("alert_subjects")
    .select("about")
    .where("fingerprint", "in", [...fingerprints])
    .execute();
  return rows.map((row) => JSON.parse(row.about) as Subject);
}

/** When alerts began to fire last before a time. */
export async function beganBefore(
  db: Database,
  fingerprints: readonly string[],
  beforeMs: number,
): Promise<Map<string, number>> {
  const rows = await db.kysely
    .selectFrom("alert_history")
    .select(["fingerprint", (of) => of.fn.max("at_ms").as("at_ms")])
    .where("fingerprint", "in", [...fingerprints])
    .where("what", "=", "firing")
    .where("at_ms", "<", beforeMs)
    .groupBy("fingerprint")
    .execute();
  return new Map(rows.map((row) => [row.fingerprint, row.at_ms]));
}

/** What happened within a time, in pages; the next begins after the last of this. */
export async function happenings(
  db: Database,
  { fromMs, untilMs, after }: { fromMs: number; untilMs: number; after?: { atMs: number; seq: number } },
  limit: number,
): Promise<(Happening & { seq: number })[]> {
  let from = db.kysely
    .selectFrom("alert_history")
    .select(["seq", "fingerprint", "at_ms", "what"])
    .where("at_ms", ">=", after?.atMs ?? fromMs)
    .where("at_ms", "<", untilMs)
    .where("what", "in", ["firing", "resolved", "flapping"])
    .orderBy("at_ms")
    .orderBy("seq")
    .limit(limit);
  if (after) from = from.where((of) => of.or([of("at_ms", ">", after.atMs), of("seq", ">", after.seq)]));
  const rows = await from.execute();
  return rows.map(({ seq, fingerprint, at_ms: atMs, what }) => ({
    seq,
    fingerprint,
    atMs,
    what: what as Happening["what"],
  }));
}

export async function sentDigest(db: Database, channel: string): Promise<SentDigest | undefined> {
  const row = await db.kysely
    .selectFrom("digests")
    .selectAll()
    .where("channel", "=", channel)
    .executeTakeFirst();
  return (
    row && {
      plan: row.plan,
      sinceMs: row.since_ms,
      ...(row.until_ms === null ? {} : { untilMs: row.until_ms }),
    }
  );
}

export async function putSentDigest(db: Database, channel: string, one: SentDigest): Promise<void> {
  const values = { plan: one.plan, since_ms: one.sinceMs, until_ms: one.untilMs ?? null };
  await db.kysely
    .insertInto("digests")
    .values({ channel, ...values })
    .onConflict((conflict) => conflict.column("channel").doUpdateSet(values))
    .execute();
}
