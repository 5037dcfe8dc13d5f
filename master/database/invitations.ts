import type { Grant } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { grantColumns, grantOf } from "./grants.ts";
import { randomId } from "./token.ts";

export interface Invitation {
  id: string;
  /** What who accepts it may do. */
  grant: Grant;
  /** Whom it is for, in the words of who made it. */
  note: string;
  byName: string;
  createdMs: number;
  expiresMs: number;
}

export async function addInvitation(
  db: Database,
  one: { hash: string; grant: Grant; note: string; byName: string; nowMs: number; expiresMs: number },
): Promise<string> {
  const id = randomId();
  await db.kysely
    .insertInto("invitations")
    .values({
      id,
      hash: one.hash,
      ...grantColumns(one.grant),
      note: one.note,
      by_name: one.byName,
      created_ms: one.nowMs,
      expires_ms: one.expiresMs,
    })
    .execute();
  return id;
}

/** Those that are still good, the newest first. */
export async function listInvitations(db: Database, nowMs: number): Promise<Invitation[]> {
  const rows = await db.kysely
    .selectFrom("invitations")
    .selectAll()
    .where("expires_ms", ">", nowMs)
    .orderBy("created_ms", "desc")
    .execute();
  return rows.map(record);
}

export async function findInvitation(
  db: Database,
  hash: string,
  nowMs: number,
): Promise<Invitation | undefined> {
  const row = await db.kysely
    .selectFrom("invitations")
    .selectAll()
    .where("hash", "=", hash)
    .where("expires_ms", ">", nowMs)
    .executeTakeFirst();
  return row && record(row);
}

/** Ends one, used or revoked: true for one of all who try at the same time. */
export async function takeInvitation(db: Database, id: string): Promise<boolean> {
  const result = await db.kysely.deleteFrom("invitations").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

function record(row: {
  id: string;
  role: string;
  tenant: string | null;
  clusters: string | null;
  namespaces: string | null;
  note: string;
  by_name: string;
  created_ms: number;
  expires_ms: number;
}): Invitation {
  return {
    id: row.id,
    grant: grantOf(row),
    note: row.note,
    byName: row.by_name,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
  };
}
