import type { EscalationView } from "../../views/alert-model.ts";
import type { EscalationState } from "../alert/escalate.ts";
import type { Database } from "./database.ts";

export async function listEscalations(db: Database): Promise<EscalationView[]> {
  const rows = await db.kysely.selectFrom("escalations").select("escalation").execute();
  return rows
    .map((row): EscalationView => JSON.parse(row.escalation))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.createdMs - b.createdMs));
}

export async function putEscalation(db: Database, one: EscalationView): Promise<void> {
  const escalation = JSON.stringify(one);
  await db.kysely
    .insertInto("escalations")
    .values({ id: one.id, tenant: one.tenant ?? null, escalation })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ escalation }))
    .execute();
}

/** With how far alerts have come in it. */
export async function removeEscalation(db: Database, id: string): Promise<void> {
  await db.kysely.deleteFrom("escalations").where("id", "=", id).execute();
}

export async function listEscalationStates(db: Database): Promise<EscalationState[]> {
  const rows = await db.kysely.selectFrom("escalation_states").selectAll().execute();
  return rows.map(({ policy, fingerprint, last_ms, done }) => ({
    policy,
    fingerprint,
    lastMs: last_ms,
    done,
  }));
}

export async function putEscalationState(db: Database, one: EscalationState): Promise<void> {
  const values = { last_ms: one.lastMs, done: one.done };
  await db.kysely
    .insertInto("escalation_states")
    .values({ policy: one.policy, fingerprint: one.fingerprint, ...values })
    .onConflict((conflict) => conflict.columns(["policy", "fingerprint"]).doUpdateSet(values))
    .execute();
}

export async function removeEscalationState(
  db: Database,
  { policy, fingerprint }: Pick<EscalationState, "policy" | "fingerprint">,
): Promise<void> {
  await db.kysely
    .deleteFrom("escalation_states")
    .where("policy", "=", policy)
    .where("fingerprint", "=", fingerprint)
    .execute();
}
