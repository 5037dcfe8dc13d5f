import type { Database } from "./database.ts";
import type { Tables } from "./schema.ts";

export type EnrolmentRow = Tables["enrolments"];

export async function addEnrolment(
  db: Database,
  one: Pick<EnrolmentRow, "hash" | "cluster" | "rights" | "created_ms" | "expires_ms">,
): Promise<void> {
  await db.kysely.insertInto("enrolments").values(one).execute();
}

/** By its token's hash, with the name of its cluster and when the agent first used what it got. */
export async function findEnrolment(db: Database, hash: string) {
  return db.kysely
    .selectFrom("enrolments")
    .innerJoin("clusters", "clusters.id", "enrolments.cluster")
    .leftJoin("tokens", "tokens.id", "enrolments.token_id")
    .selectAll("enrolments")
    .select(["clusters.name", "tokens.id as live_token", "tokens.last_used_ms as used_ms"])
    .where("enrolments.hash", "=", hash)
    .executeTakeFirst();
}

/** The newest enrolment of each cluster that began after a time. */
export async function recentEnrolments(db: Database, sinceMs: number): Promise<EnrolmentRow[]> {
  const rows = await db.kysely
    .selectFrom("enrolments")
    .selectAll()
    .where("created_ms", ">", sinceMs)
    .orderBy("created_ms")
    .execute();
  return [...new Map(rows.map((row) => [row.cluster, row])).values()];
}

export async function enrolmentFetched(db: Database, hash: string, nowMs: number): Promise<void> {
  await db.kysely
    .updateTable("enrolments")
    .set({ fetched_ms: nowMs })
    .where("hash", "=", hash)
    .where("fetched_ms", "is", null)
    .execute();
}

export async function enrolmentExchanged(
  db: Database,
  hash: string,
  done: Pick<EnrolmentRow, "exchanged_ms" | "cluster_id" | "token_id">,
): Promise<void> {
  await db.kysely.updateTable("enrolments").set(done).where("hash", "=", hash).execute();
}

/** Removes what a cluster had before, and everybody's that are long over. */
export async function removeEnrolments(db: Database, cluster: string, beforeMs: number): Promise<void> {
  await db.kysely
    .deleteFrom("enrolments")
    .where((where) => where.or([where("cluster", "=", cluster), where("expires_ms", "<", beforeMs)]))
    .execute();
}
