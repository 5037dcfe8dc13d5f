import { clusterSeen, listClusters } from "./database/clusters.ts";
import type { Database } from "./database/database.ts";
import type { ManagedDatasource } from "./datasource/datasource.ts";
import type { MasterEvents } from "./events.ts";

/** How often another process's changes (`atlhyper cluster add`) are looked for, and what was heard is written. */
const readEveryMs = 2000;
const writeEveryMs = 15_000;

/** Keeps the datasource's clusters and the database's the same, both ways, and lets the datasource's time pass. */
export function startRollCall(
  database: Database,
  datasource: ManagedDatasource,
  events: MasterEvents,
  /** Whose each cluster is, for who asks what somebody may see. */
  owners: Map<string, string>,
  /** Told whenever the clusters were read. */
  read: () => void,
) {
  const written = new Map<string, { lastSeenMs: number; status: string; connection: string }>();
  let writtenMs = 0;

  async function refresh(): Promise<void> {
    const records = await listClusters(database);
    owners.clear();
    for (const { id, tenant } of records) owners.set(id, tenant);
    datasource.setClusters(records);
    read();
    for (const { id, lastSeenMs = 0, status } of records)
      if (!written.has(id)) written.set(id, { lastSeenMs, status: JSON.stringify(status), connection: "" });
  }

  /** Writes down when each cluster was heard and what its agent said, where that has changed. */
  async function write(): Promise<void> {
    for (const { id, name, connection, lastSeenMs, status } of datasource.clusters()) {
      const before = written.get(id);
      const now = { lastSeenMs, status: JSON.stringify(status), connection };
      written.set(id, now);
      if (connection !== before?.connection) {
        if (connection === "connected") events.agentConnected(id, name);
        if (connection === "silent") events.agentSilent(id, name);
      }
      if (before?.lastSeenMs === lastSeenMs && before.status === now.status) continue;
      await clusterSeen(database, id, lastSeenMs, before?.status === now.status ? undefined : status);
    }
  }

  let busy = false;
  async function round(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      datasource.tick();
      await refresh();
      if (Date.now() - writtenMs >= writeEveryMs) {
        writtenMs = Date.now();
        await write();
      }
    } catch (error) {
      events.failed("keeping the clusters", error);
    } finally {
      busy = false;
    }
  }

  const timer = setInterval(round, readEveryMs);
  timer.unref();
  return {
    refresh,
    async stop(): Promise<void> {
      clearInterval(timer);
      await write();
    },
  };
}
