import type { Selectable } from "kysely";
import { problem } from "../../wire/problem.ts";
import type { AgentStatus } from "../../wire/status.ts";
import type { Database } from "./database.ts";
import type { Tables } from "./schema.ts";
import { addClusterToken, createClusterToken } from "./tokens.ts";
import { defaultTenant } from "./tenants.ts";
import { randomId } from "./token.ts";

export interface ClusterRecord {
  /** Ours, from the moment it is added. */
  id: string;
  name: string;
  /** Whose it is. */
  tenant: string;
  /** What its agent tells (the kube-system namespace's UID); absent until the first contact. */
  clusterID: string | undefined;
  flavour: AgentStatus["flavour"];
  createdMs: number;
  lastSeenMs: number | undefined;
  /** The last that its agent told of itself. */
  status: AgentStatus | undefined;
}

/**
 * Adds a cluster; gives its id and the token for its agent, a new one unless `token` is one, which is shown only now.
 * 422 and 409 on its name.
 */
export async function addCluster(
  db: Database,
  name: string,
  flavour: AgentStatus["flavour"] = "kubernetes",
  tokenName?: string,
  tenant = defaultTenant,
  token?: string,
): Promise<{ id: string; token: string }> {
  const id = randomId();
  await db.kysely
    .insertInto("clusters")
    .values({ id, name: checkedName(name), flavour, created_ms: Date.now(), tenant })
    .execute()
    .catch((error) => refuseTaken(error, name));
  if (token === undefined) return { id, token: await createClusterToken(db, id, tokenName) };
  await addClusterToken(db, id, token, tokenName);
  return { id, token };
}

export async function listClusters(db: Database): Promise<ClusterRecord[]> {
  const rows = await db.kysely.selectFrom("clusters").selectAll().orderBy("name").execute();
  return rows.map(record);
}

/** By its id or by the identity that its agent tells. */
export async function findCluster(
  db: Database,
  by: { id: string } | { clusterID: string } | { name: string },
): Promise<ClusterRecord | undefined> {
  const query = db.kysely.selectFrom("clusters").selectAll();
  const row = await ("id" in by
    ? query.where("id", "=", by.id)
    : "name" in by
      ? query.where("name", "=", by.name)
      : query.where("cluster_id", "=", by.clusterID)
  ).executeTakeFirst();
  return row && record(row);
}

/**
 * Binds a cluster to the identity that its agent told at its first contact. False when it is bound to another,
 * or another cluster is bound to this one.
 */
export async function bindCluster(db: Database, id: string, clusterID: string): Promise<boolean> {
  try {
    const result = await db.kysely
      .updateTable("clusters")
      .set({ cluster_id: clusterID })
      .where("id", "=", id)
      .where((where) => where.or([where("cluster_id", "is", null), where("cluster_id", "=", clusterID)]))
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Remembers when a cluster was last heard and, if given, what its agent told of itself. */
export async function clusterSeen(
  db: Database,
  id: string,
  lastSeenMs: number,
  status?: AgentStatus,
): Promise<void> {
  await db.kysely
    .updateTable("clusters")
    .set({
      last_seen_ms: lastSeenMs,
      ...(status ? { status: JSON.stringify(status), flavour: status.flavour } : {}),
    })
    .where("id", "=", id)
    .execute();
}

/** 422 and 409 on the name; false when there is no such cluster. */
export async function renameCluster(db: Database, id: string, name: string): Promise<boolean> {
  const result = await db.kysely
    .updateTable("clusters")
    .set({ name: checkedName(name) })
    .where("id", "=", id)
    .executeTakeFirst()
    .catch((error) => refuseTaken(error, name));
  return result.numUpdatedRows > 0n;
}

/** Removes a cluster and its tokens; a master removes the rest, as soon as it sees that (`clustersToForget`). */
export async function removeCluster(db: Database, id: string): Promise<boolean> {
  const result = await db.kysely.deleteFrom("clusters").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Clusters that were removed, and of which events, metrics or marks may be kept still. */
export async function clustersToForget(db: Database): Promise<string[]> {
  const rows = await db.kysely.selectFrom("removed_clusters").select("id").execute();
  return rows.map(({ id }) => id);
}

export async function clusterForgotten(db: Database, id: string): Promise<void> {
  await db.kysely.deleteFrom("removed_clusters").where("id", "=", id).execute();
}

function record(row: Selectable<Tables["clusters"]>): ClusterRecord {
  return {
    id: row.id,
    name: row.name,
    tenant: row.tenant,
    clusterID: row.cluster_id ?? undefined,
    flavour: row.flavour as AgentStatus["flavour"],
    createdMs: row.created_ms,
    lastSeenMs: row.last_seen_ms ?? undefined,
    status: row.status === null ? undefined : (JSON.parse(row.status) as AgentStatus),
  };
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "" || trimmed.length > 253 || /[\p{Cc}\p{Cf}]/u.test(trimmed))
    throw problem(422, "a cluster's name has 1 to 253 characters and no control characters", {
      pointer: "/name",
    });
  return trimmed;
}

/** Whether a unique column refused a value. */
export function isTaken(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === "SQLITE_CONSTRAINT_UNIQUE";
}

function refuseTaken(error: unknown, name: string): never {
  if (isTaken(error)) throw problem(409, `there is a cluster named ${name.trim()} already`);
  throw error;
}
