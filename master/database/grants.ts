import { sql } from "kysely";
import { type Grant, type Role, roles } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { randomId } from "./token.ts";

/** A grant as it is kept. */
export interface StoredGrant extends Grant {
  id: string;
  userID: string;
  /** It follows the groups at the provider, and is set anew at each sign-in. */
  byProvider: boolean;
}

interface GrantRow {
  role: string | null;
  tenant: string | null;
  clusters: string | null;
  namespaces: string | null;
}

/** The columns of a grant, of a user, a token or an invitation. */
export function grantColumns({ role, tenant, clusters, namespaces }: Grant) {
  const list = (names: readonly string[] | undefined) => (names ? JSON.stringify(names) : null);
  return { role, tenant: tenant ?? null, clusters: list(clusters), namespaces: list(namespaces) };
}

export function grantOf({ role, tenant, clusters, namespaces }: GrantRow): Grant {
  return {
    role: role as Role,
    ...(tenant === null ? {} : { tenant }),
    ...(clusters === null ? {} : { clusters: JSON.parse(clusters) as string[] }),
    ...(namespaces === null ? {} : { namespaces: JSON.parse(namespaces) as string[] }),
  };
}

/** The highest role of all grants; undefined where there are none. */
export function highestRole(grants: readonly Grant[]): Role | undefined {
  return roles.findLast((role) => grants.some((one) => one.role === role));
}

/** A user's grants as JSON beside a row that has the user's id, for who asks for both at once. */
export const grantsOfUser = (userID: string) =>
  sql<string>`(SELECT json_group_array(json_object('role', role, 'tenant', tenant, 'clusters', clusters,
    'namespaces', namespaces)) FROM grants WHERE user_id = ${sql.ref(userID)})`;

export function parseGrants(text: string): Grant[] {
  return (JSON.parse(text) as GrantRow[]).map(grantOf);
}

/** Of one user or of all. */
export async function listGrants(
  db: Database,
  by: { userID?: string; id?: string } = {},
): Promise<StoredGrant[]> {
  let query = db.kysely.selectFrom("grants").selectAll().orderBy("id");
  if (by.userID !== undefined) query = query.where("user_id", "=", by.userID);
  if (by.id !== undefined) query = query.where("id", "=", by.id);
  return (await query.execute()).map((row) => ({
    ...grantOf(row),
    id: row.id,
    userID: row.user_id,
    byProvider: row.by_provider !== 0,
  }));
}

/** Gives the new grant's id; that of one that is the same already. */
export async function addGrant(
  db: Database,
  userID: string,
  grant: Grant,
  byProvider = false,
): Promise<string> {
  const columns = grantColumns(grant);
  const known = await db.kysely
    .selectFrom("grants")
    .select("id")
    .where("user_id", "=", userID)
    .where("role", "=", columns.role)
    .where("tenant", "is", columns.tenant)
    .where("clusters", "is", columns.clusters)
    .where("namespaces", "is", columns.namespaces)
    .where("by_provider", "=", byProvider ? 1 : 0)
    .executeTakeFirst();
  if (known) return known.id;
  const id = randomId();
  await db.kysely
    .insertInto("grants")
    .values({ id, user_id: userID, ...columns, by_provider: byProvider ? 1 : 0 })
    .execute();
  return id;
}

/** What a user's groups at the provider give now takes the place of what they gave before. */
export async function setProviderGrants(
  db: Database,
  userID: string,
  grants: readonly Grant[],
): Promise<void> {
  await db.kysely.deleteFrom("grants").where("user_id", "=", userID).where("by_provider", "=", 1).execute();
  for (const grant of grants) await addGrant(db, userID, grant, true);
}

/**
 * The grants that make somebody an administrator of the installation who can always sign in: by password, since a
 * provider may be away, or take back its groups.
 */
const administering = sql`(SELECT grants.id, user_id FROM grants JOIN users ON users.id = user_id WHERE tenant IS NULL
  AND role = 'admin' AND clusters IS NULL AND namespaces IS NULL AND password_hash IS NOT NULL)`;

/** Of a user who is to go: whether an administrator remains. */
export const notTheLastAdministrator = sql<boolean>`(users.id NOT IN (SELECT user_id FROM ${administering}) OR
  EXISTS (SELECT 1 FROM ${administering} AS other WHERE other.user_id <> users.id))`;

/** Of a grant that is to go. */
const notTheLastGrant = sql<boolean>`(grants.id NOT IN (SELECT id FROM ${administering}) OR
  (SELECT count(*) FROM ${administering}) > 1)`;

/** The administrator who may sign in by password where passwords are switched off: the first. */
export async function emergencyAdministrator(db: Database): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom("users")
    .select("id")
    .where(sql<boolean>`id IN (SELECT user_id FROM ${administering})`)
    .orderBy("created_ms")
    .orderBy("id")
    .executeTakeFirst();
  return row?.id;
}

/** False when there is none, or nobody would be left who administers the installation. */
export async function removeGrant(db: Database, id: string): Promise<boolean> {
  const result = await db.kysely
    .deleteFrom("grants")
    .where("id", "=", id)
    .where(notTheLastGrant)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Other rights in a grant's place. False as for `removeGrant`. */
export async function changeGrant(db: Database, id: string, grant: Grant): Promise<boolean> {
  let query = db.kysely.updateTable("grants").set(grantColumns(grant)).where("id", "=", id);
  if (!isWhole(grant) || grant.role !== "admin") query = query.where(notTheLastGrant);
  return (await query.executeTakeFirst()).numUpdatedRows > 0n;
}

/** Whether a grant is for the whole installation. */
const isWhole = (grant: Grant): boolean => !grant.tenant && !grant.clusters && !grant.namespaces;
