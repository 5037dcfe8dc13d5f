import { pruneHistory, pruneSilences } from "../database/alerts.ts";
import type { Database } from "../database/database.ts";
import { pruneDeliveries } from "../database/deliveries.ts";
import { pruneSubjects } from "../database/digests.ts";
import { pruneMaintenance } from "../database/maintenance.ts";
import { pruneThreads } from "../database/threads.ts";

const dayMs = 24 * 3_600_000;
const keptMs = { history: 90 * dayMs, deliveries: 30 * dayMs, threads: 90 * dayMs };
/** So long silences and maintenance windows are known when they are over. */
export const overKeptMs = 30 * dayMs;

export async function pruneAlerting(database: Database, nowMs: number): Promise<void> {
  await pruneHistory(database, nowMs - keptMs.history);
  await pruneSubjects(database);
  await pruneDeliveries(database, nowMs - keptMs.deliveries);
  await pruneThreads(database, nowMs - keptMs.threads);
  await pruneSilences(database, nowMs - overKeptMs);
  await pruneMaintenance(database, nowMs - overKeptMs);
}
