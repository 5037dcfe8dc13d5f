import { problem } from "../../wire/problem.ts";
import { isTaken } from "./clusters.ts";
import type { Database } from "./database.ts";
import { randomId } from "./token.ts";

/** The tenant that is always there: what is added without saying whose it is belongs to it. */
export const defaultTenant = "default";

export interface Tenant {
  id: string;
  name: string;
  createdMs: number;
  /** How many clusters it owns. */
  clusters: number;
}

/** All, by name. */
export async function listTenants(db: Database): Promise<Tenant[]> {
  const rows = await db.kysely
    .selectFrom("tenants")
    .selectAll()
    .select((e) =>
      e
        .selectFrom("clusters")
        .select((count) => count.fn.countAll<number>().as("n"))
        .whereRef("clusters.tenant", "=", "tenants.id")
        .as("clusters"),
    )
    .orderBy("name")
    .execute();
  return rows.map(({ id, name, created_ms, clusters }) => ({
    id,
    name,
    createdMs: created_ms,
    clusters: clusters ?? 0,
  }));
}

/** By id or name; the name's case does not count. */
export async function findTenant(
  db: Database,
  by: { id: string } | { name: string },
): Promise<Tenant | undefined> {
  return (await listTenants(db)).find((one) =>
    "id" in by ? one.id === by.id : one.name.toLowerCase() === by.name.trim().toLowerCase(),
  );
}

/** Gives the id. 422 and 409 on the name. */
export async function addTenant(db: Database, name: string): Promise<string> {
  const id = randomId();
  await db.kysely
    .insertInto("tenants")
    .values({ id, name: checkedName(name), created_ms: Date.now() })
    .execute()
    .catch((error) => refuseTaken(error, name));
  return id;
}

/** 422 and 409 on the name; false when there is no such tenant. */
export async function renameTenant(db: Database, id: string, name: string): Promise<boolean> {
  const result = await db.kysely
    .updateTable("tenants")
    .set({ name: checkedName(name) })
    .where("id", "=", id)
    .executeTakeFirst()
    .catch((error) => refuseTaken(error, name));
  return result.numUpdatedRows > 0n;
}

/** Removes one with all grants, tokens and invitations in it. 409 where it owns clusters, or is the default one. */
export async function removeTenant(db: Database, id: string): Promise<boolean> {
  if (id === defaultTenant) throw problem(409, "the default tenant stays: rename it, if its name is wrong");
  const result = await db.kysely
    .deleteFrom("tenants")
    .where("id", "=", id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("clusters").select("clusters.id").where("clusters.tenant", "=", id))),
    )
    .executeTakeFirst();
  if (result.numDeletedRows > 0n) return true;
  if (await findTenant(db, { id })) throw problem(409, "it owns clusters: move or remove them first");
  return false;
}

/** Gives a cluster to another tenant. False when there is no such cluster; 404 for a tenant that is none. */
export async function moveCluster(db: Database, cluster: string, tenant: string): Promise<boolean> {
  if (!(await findTenant(db, { id: tenant }))) throw problem(404, "there is no such tenant");
  const result = await db.kysely
    .updateTable("clusters")
    .set({ tenant })
    .where("id", "=", cluster)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.length > 100 || /[\p{Cc}\p{Cf}@;=]/u.test(trimmed))
    throw problem(422, "a tenant's name has 1 to 100 characters, none of @ ; = and no control characters", {
      pointer: "/name",
    });
  return trimmed;
}

function refuseTaken(error: unknown, name: string): never {
  if (isTaken(error))
    throw problem(409, `there is a tenant named ${name.trim()} already`, { pointer: "/name" });
  throw error;
}
