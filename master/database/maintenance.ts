import type { MaintenanceView } from "../../views/alert-model.ts";
import type { Database } from "./database.ts";

/** The newest first. */
export async function listMaintenance(db: Database): Promise<MaintenanceView[]> {
  const rows = await db.kysely.selectFrom("maintenance_windows").select("maintenance").execute();
  return rows
    .map((row): MaintenanceView => JSON.parse(row.maintenance))
    .sort((a, b) => b.createdMs - a.createdMs);
}

export async function putMaintenance(db: Database, one: MaintenanceView): Promise<void> {
  const values = {
    tenant: one.tenant ?? null,
    cluster: one.cluster ?? null,
    ends_ms: one.schedule.type === "once" ? one.schedule.endsMs : null,
    maintenance: JSON.stringify(one),
  };
  await db.kysely
    .insertInto("maintenance_windows")
    .values({ id: one.id, ...values })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
}

export async function removeMaintenance(db: Database, id: string): Promise<void> {
  await db.kysely.deleteFrom("maintenance_windows").where("id", "=", id).execute();
}

export async function pruneMaintenance(db: Database, endedBeforeMs: number): Promise<void> {
  await db.kysely.deleteFrom("maintenance_windows").where("ends_ms", "<", endedBeforeMs).execute();
}
