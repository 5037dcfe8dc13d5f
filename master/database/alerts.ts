import type { AlertView, HistoryView, SilenceView } from "../../views/alert-model.ts";
import type { Rule, RuleBody } from "../alert/rule.ts";
import { inBatches } from "./batches.ts";
import type { Database } from "./database.ts";

/** Of an alert: when something happened to it. */
export type HistoryEntry = HistoryView & { fingerprint: string };

export async function listAlerts(db: Database): Promise<AlertView[]> {
  const rows = await db.kysely.selectFrom("alerts").select("alert").execute();
  return rows.map((row) => JSON.parse(row.alert));
}

export async function putAlerts(db: Database, alerts: readonly AlertView[]): Promise<void> {
  await inBatches(alerts, (batch) =>
    db.kysely
      .insertInto("alerts")
      .values(batch.map((one) => ({ fingerprint: one.fingerprint, alert: JSON.stringify(one) })))
      .onConflict((conflict) =>
        conflict.column("fingerprint").doUpdateSet({ alert: (row) => row.ref("excluded.alert") }),
      )
      .execute(),
  );
}

export async function removeAlerts(db: Database, fingerprints: readonly string[]): Promise<void> {
  await inBatches(fingerprints, (batch) =>
    db.kysely.deleteFrom("alerts").where("fingerprint", "in", batch).execute(),
  );
}

export async function addHistory(db: Database, entries: readonly HistoryEntry[]): Promise<void> {
  await inBatches(entries, (batch) =>
    db.kysely
      .insertInto("alert_history")
      .values(
        batch.map(({ fingerprint, atMs, what, by, note }) => ({
          fingerprint,
          at_ms: atMs,
          what,
          by_name: by,
          note,
        })),
      )
      .execute(),
  );
}

/** What happened to an alert, the newest first. */
export async function historyOf(db: Database, fingerprint: string, most = 100): Promise<HistoryView[]> {
  const rows = await db.kysely
    .selectFrom("alert_history")
    .selectAll()
    .where("fingerprint", "=", fingerprint)
    .orderBy("seq", "desc")
    .limit(most)
    .execute();
  return rows.map((row) => ({
    atMs: row.at_ms,
    what: row.what as HistoryView["what"],
    by: row.by_name,
    note: row.note,
  }));
}

export async function pruneHistory(db: Database, beforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("alert_history").where("at_ms", "<", beforeMs).execute();
}

export async function listRules(db: Database): Promise<Rule[]> {
  const rows = await db.kysely.selectFrom("alert_rules").selectAll().orderBy("id").execute();
  return rows.map(({ id, tenant, rule }) => ({
    ...(JSON.parse(rule) as RuleBody),
    id,
    ...(tenant === null ? {} : { tenant }),
  }));
}

export async function putRule(db: Database, { id, tenant = undefined, ...body }: Rule): Promise<void> {
  const rule = JSON.stringify(body);
  await db.kysely
    .insertInto("alert_rules")
    .values({ id, tenant: tenant ?? null, rule })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ rule }))
    .execute();
}

export async function removeRule(db: Database, id: string): Promise<void> {
  await db.kysely.deleteFrom("alert_rules").where("id", "=", id).execute();
}

/** Those that hold or will, and the ones that ended after a time; the newest first. */
export async function listSilences(db: Database, endedAfterMs: number): Promise<SilenceView[]> {
  const rows = await db.kysely
    .selectFrom("silences")
    .selectAll()
    .where("ends_ms", ">", endedAfterMs)
    .orderBy("created_ms", "desc")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    ...(row.tenant === null ? {} : { tenant: row.tenant }),
    ...(row.cluster === null ? {} : { cluster: row.cluster }),
    ...(row.namespace === null ? {} : { namespace: row.namespace }),
    matchers: JSON.parse(row.matchers),
    comment: row.comment,
    by: row.by_name,
    createdMs: row.created_ms,
    startsMs: row.starts_ms,
    endsMs: row.ends_ms,
  }));
}

/** Adds a silence, or puts it in the place of the one with its id. */
export async function putSilence(db: Database, one: SilenceView): Promise<void> {
  const changed = {
    tenant: one.tenant ?? null,
    cluster: one.cluster ?? null,
    namespace: one.namespace ?? null,
    matchers: JSON.stringify(one.matchers),
    comment: one.comment,
    starts_ms: one.startsMs,
    ends_ms: one.endsMs,
  };
  await db.kysely
    .insertInto("silences")
    .values({ id: one.id, by_name: one.by, created_ms: one.createdMs, ...changed })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(changed))
    .execute();
}

export async function endSilence(db: Database, id: string, nowMs: number): Promise<void> {
  await db.kysely.updateTable("silences").set({ ends_ms: nowMs }).where("id", "=", id).execute();
}

export async function pruneSilences(db: Database, endedBeforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("silences").where("ends_ms", "<", endedBeforeMs).execute();
}
