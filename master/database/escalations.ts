import type { EscalationView } from "../../views/alert-model.ts";
import type { EscalationState } from "../alert/escalate.ts";
import { inBatches } from "./batches.ts";
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

export async function putEscalationStates(db: Database, states: readonly EscalationState[]): Promise<void> {
  await inBatches(states, (batch) =>
    db.kysely
      .insertInto("escalation_states")
      .values(
        batch.map(({ policy, fingerprint, lastMs, done }) => ({
          policy,
          fingerprint,
          last_ms: lastMs,
          done,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["policy", "fingerprint"]).doUpdateSet({
          last_ms: (row) => row.ref("excluded.last_ms"),
          done: (row) => row.ref("excluded.done"),
        }),
      )
      .execute(),
  );
}

export async function removeEscalationStates(
  db: Database,
  states: readonly Pick<EscalationState, "policy" | "fingerprint">[],
): Promise<void> {
  await inBatches(states, (batch) =>
    db.kysely
      .deleteFrom("escalation_states")
      .where((row) => row.or(batch.map(({ policy, fingerprint }) => row.and({ policy, fingerprint }))))
      .execute(),
  );
}
