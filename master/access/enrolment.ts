import { problem } from "../../wire/problem.ts";
import { bindCluster } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import {
  addEnrolment,
  enrolmentExchanged,
  enrolmentFetched,
  findEnrolment,
  removeEnrolments,
} from "../database/enrolments.ts";
import { looksLikeToken, randomToken, tokenHash } from "../database/token.ts";
import { createClusterToken, findToken, revokeToken } from "../database/tokens.ts";

/** What the agent's manifest lets it do in its cluster. */
export const enrolmentRights = ["read", "operator", "resources"] as const;
export type EnrolmentRights = (typeof enrolmentRights)[number];

export const enrolmentMs = 15 * 60_000;

/** An enrolment that is still good for something. */
export interface Enrolment {
  hash: string;
  cluster: string;
  name: string;
  rights: EnrolmentRights;
  expiresMs: number;
}

/** Begins an enrolment and ends the cluster's earlier ones; gives the token, which is shown only now. */
export async function beginEnrolment(
  db: Database,
  cluster: string,
  rights: EnrolmentRights,
  nowMs = Date.now(),
): Promise<string> {
  const token = randomToken("enrolment");
  await removeEnrolments(db, cluster, nowMs - 24 * 3_600_000);
  await addEnrolment(db, {
    hash: tokenHash(token),
    cluster,
    rights,
    created_ms: nowMs,
    expires_ms: nowMs + enrolmentMs,
  });
  return token;
}

/** 401 for a token that nobody made, 410 for one that was used or is too old. Looking does not use it up. */
export async function openEnrolment(db: Database, token: string, nowMs = Date.now()): Promise<Enrolment> {
  const { hash, cluster, name, rights, expires_ms } = await found(db, token, nowMs);
  return { hash, cluster, name, rights: rights as EnrolmentRights, expiresMs: expires_ms };
}

/** The manifest goes out. Nothing is used up by that: people look at what they are about to apply. */
export async function manifestFetched(db: Database, enrolment: Enrolment, nowMs = Date.now()): Promise<void> {
  await enrolmentFetched(db, enrolment.hash, nowMs);
}

/**
 * Exchanges an enrolment token for a token of its cluster, in one transaction with what `then` does. The cluster
 * that asked first may ask again, should the answer have been lost, until it has used what it got: what it was
 * given before ends. Beside what `openEnrolment` throws: 409 for any other cluster, and for one that the master
 * knows under another name.
 */
export function exchangeEnrolment(
  db: Database,
  token: string,
  clusterID: string,
  then: (enrolment: Enrolment) => Promise<void>,
  nowMs = Date.now(),
): Promise<{ token: string; enrolment: Enrolment }> {
  return db.transaction(async () => {
    const row = await found(db, token, nowMs);
    if (row.cluster_id !== null && row.cluster_id !== clusterID)
      throw problem(409, "this enrolment was begun by another cluster: each one needs its own");
    if (!(await bindCluster(db, row.cluster, clusterID)))
      throw problem(
        409,
        `this cluster is in the master already, or ${row.name} is another one: remove the earlier entry, or enrol it there`,
      );
    if (row.token_id !== null) await revokeToken(db, row.token_id);
    const made = await createClusterToken(db, row.cluster, "enrolled agent");
    const known = await findToken(db, tokenHash(made), nowMs);
    await enrolmentExchanged(db, row.hash, {
      exchanged_ms: nowMs,
      cluster_id: clusterID,
      token_id: known!.id,
    });
    const enrolment = {
      hash: row.hash,
      cluster: row.cluster,
      name: row.name,
      rights: row.rights as EnrolmentRights,
      expiresMs: row.expires_ms,
    };
    await then(enrolment);
    return { token: made, enrolment };
  });
}

async function found(db: Database, token: string, nowMs: number) {
  const row = looksLikeToken("enrolment", token) ? await findEnrolment(db, tokenHash(token)) : undefined;
  if (!row) throw problem(401, "there is no such enrolment: make a new line on the page Clusters");
  // Used: the agent has come in with its token, or somebody has ended that since.
  if (row.token_id !== null && (row.live_token === null || row.used_ms !== null))
    throw problem(410, "this enrolment was used: it works once; make a new line on the page Clusters");
  if (row.expires_ms <= nowMs)
    throw problem(410, "this enrolment has expired: make a new line on the page Clusters");
  return row;
}
