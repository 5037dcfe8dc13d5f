import { problem } from "../../wire/problem.ts";
import type { Grant, Role } from "../access/principal.ts";
import type { Database } from "./database.ts";
import { grantColumns, grantOf, grantsOfUser, parseGrants } from "./grants.ts";
import { randomId, randomToken, tokenHash } from "./token.ts";

/** What a token is good for, found by the token itself. */
export type TokenRecord =
  | {
      kind: "api";
      id: string;
      name: string;
      grant: Grant;
      readOnly: boolean;
      /** Of the user whose token it is; absent where it is nobody's in particular. */
      owner?: { id: string; grants: readonly Grant[] };
    }
  | { kind: "cluster"; id: string; name: string; cluster: string; clusterID: string | undefined };

export interface TokenInfo {
  id: string;
  kind: "api" | "cluster";
  name: string;
  role: Role | undefined;
  /** Of API tokens: what it may at most. */
  grant: Grant | undefined;
  readOnly: boolean;
  /** The user whose token it is. */
  owner: { id: string; name: string } | undefined;
  cluster: string | undefined;
  createdMs: number;
  lastUsedMs: number | undefined;
  expiresMs: number | undefined;
}

/**
 * Creates an API token; the text that is returned is shown only now. With an owner it may never more than they may
 * at the time it is used.
 */
export async function createToken(
  db: Database,
  token: Grant & { name: string; expiresMs?: number; owner?: string; readOnly?: boolean },
): Promise<string> {
  const name = token.name.trim();
  if (name === "" || name.length > 100 || /[\p{Cc}\p{Cf}]/u.test(name))
    throw problem(422, "a token's name has 1 to 100 characters and no control characters", {
      pointer: "/name",
    });
  const value = randomToken("api");
  await db.kysely
    .insertInto("tokens")
    .values({
      id: randomId(),
      kind: "api",
      hash: tokenHash(value),
      name,
      ...grantColumns(token),
      owner: token.owner ?? null,
      read_only: token.readOnly ? 1 : 0,
      created_ms: Date.now(),
      expires_ms: token.expiresMs ?? null,
    })
    .execute();
  return value;
}

/** Creates one more token for a cluster's agent, such as to replace the one in use without a gap. */
export async function createClusterToken(db: Database, cluster: string, name = "agent"): Promise<string> {
  const value = randomToken("cluster");
  await addClusterToken(db, cluster, value, name);
  return value;
}

/** One more token for a cluster's agent, of a value that somebody else has made. */
export async function addClusterToken(
  db: Database,
  cluster: string,
  value: string,
  name = "agent",
): Promise<void> {
  await db.kysely
    .insertInto("tokens")
    .values({
      id: randomId(),
      kind: "cluster",
      hash: tokenHash(value),
      name,
      cluster,
      created_ms: Date.now(),
    })
    .execute();
}

/** Whether a token was ever given to anybody and not taken away, be it that its time is over. */
export async function isTokenKnown(db: Database, value: string): Promise<boolean> {
  const found = await db.kysely
    .selectFrom("tokens")
    .select("id")
    .where("hash", "=", tokenHash(value))
    .executeTakeFirst();
  return found !== undefined;
}

/**
 * A new token for a cluster's agent; those that are there stay good for `keepMs`, or end now with 0, so that the agent
 * can be given the new one without a gap. One transaction.
 */
export async function rotateClusterToken(
  db: Database,
  cluster: string,
  keepMs: number,
): Promise<{ token: string; endsMs: number }> {
  return db.transaction(async () => {
    const endsMs = Date.now() + keepMs;
    await db.kysely
      .updateTable("tokens")
      .set({ expires_ms: endsMs })
      .where("kind", "=", "cluster")
      .where("cluster", "=", cluster)
      .where((where) => where.or([where("expires_ms", "is", null), where("expires_ms", ">", endsMs)]))
      .execute();
    return { token: await createClusterToken(db, cluster), endsMs };
  });
}

/** Finds a token that is valid at a time, by its hash. */
export async function findToken(db: Database, hash: string, nowMs: number): Promise<TokenRecord | undefined> {
  const row = await db.kysely
    .selectFrom("tokens")
    .leftJoin("clusters", "clusters.id", "tokens.cluster")
    .select([
      "tokens.id",
      "tokens.kind",
      "tokens.name",
      "tokens.role",
      "tokens.cluster",
      "owner",
      "read_only",
    ])
    .select(["tokens.tenant", "tokens.clusters", "tokens.namespaces"])
    .select(grantsOfUser("tokens.owner").as("grants"))
    .select(["clusters.name as cluster_name", "clusters.cluster_id"])
    .where("tokens.hash", "=", hash)
    .where((where) => where.or([where("expires_ms", "is", null), where("expires_ms", ">", nowMs)]))
    .executeTakeFirst();
  if (!row) return undefined;
  if (row.kind === "api")
    return {
      kind: "api",
      id: row.id,
      name: row.name,
      grant: grantOf(row),
      readOnly: row.read_only !== 0,
      ...(row.owner === null ? {} : { owner: { id: row.owner, grants: parseGrants(row.grants) } }),
    };
  return {
    kind: "cluster",
    id: row.id,
    name: row.cluster_name!,
    cluster: row.cluster!,
    clusterID: row.cluster_id ?? undefined,
  };
}

/** All tokens, of one kind or of one cluster, newest first; never their text, which nobody has. */
export async function listTokens(
  db: Database,
  by: { kind?: "api" | "cluster"; cluster?: string; id?: string } = {},
): Promise<TokenInfo[]> {
  let query = db.kysely
    .selectFrom("tokens")
    .leftJoin("users", "users.id", "tokens.owner")
    .selectAll("tokens")
    .select("users.name as owner_name")
    .orderBy("tokens.created_ms", "desc")
    .orderBy("tokens.id");
  if (by.kind) query = query.where("kind", "=", by.kind);
  if (by.cluster) query = query.where("cluster", "=", by.cluster);
  if (by.id !== undefined) query = query.where("tokens.id", "=", by.id);
  return (await query.execute()).map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    role: (row.role as Role | null) ?? undefined,
    grant: row.kind === "api" ? grantOf(row) : undefined,
    readOnly: row.read_only !== 0,
    owner: row.owner === null ? undefined : { id: row.owner, name: row.owner_name ?? "" },
    cluster: row.cluster ?? undefined,
    createdMs: row.created_ms,
    lastUsedMs: row.last_used_ms ?? undefined,
    expiresMs: row.expires_ms ?? undefined,
  }));
}

/** Ends a token; a running master notices within a second. False when there is none. */
export async function revokeToken(db: Database, id: string): Promise<boolean> {
  const result = await db.kysely.deleteFrom("tokens").where("id", "=", id).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export async function tokenUsed(db: Database, id: string, atMs: number): Promise<void> {
  await db.kysely.updateTable("tokens").set({ last_used_ms: atMs }).where("id", "=", id).execute();
}
