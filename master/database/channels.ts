import type { ChannelView } from "../../views/alert-model.ts";
import type { Group } from "../alert/group.ts";
import { inBatches } from "./batches.ts";
import type { Database } from "./database.ts";

/** A channel with its secrets as they are stored: encrypted, by name. */
export interface StoredChannel extends Omit<ChannelView, "secrets"> {
  sealed: Record<string, string>;
}

export async function listChannels(db: Database): Promise<StoredChannel[]> {
  const rows = await db.kysely.selectFrom("channels").selectAll().orderBy("name").execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    type: row.type,
    enabled: row.enabled === 1,
    ...(row.tenant === null ? {} : { tenant: row.tenant }),
    settings: JSON.parse(row.settings),
    sealed: JSON.parse(row.sealed),
    ...(JSON.parse(row.routing) as Routing),
    createdMs: row.created_ms,
  }));
}

type Routing = Pick<
  ChannelView,
  | "severities"
  | "matchers"
  | "groupBy"
  | "groupWaitMs"
  | "groupIntervalMs"
  | "repeatMs"
  | "sendResolved"
  | "activeTimes"
>;

export async function putChannel(db: Database, one: StoredChannel): Promise<void> {
  const { severities, matchers, groupBy, groupWaitMs, groupIntervalMs, repeatMs, sendResolved, activeTimes } =
    one;
  const routing: Routing = {
    severities,
    matchers,
    groupBy,
    groupWaitMs,
    groupIntervalMs,
    repeatMs,
    sendResolved,
    ...(activeTimes ? { activeTimes } : {}),
  };
  const values = {
    name: one.name,
    type: one.type,
    enabled: one.enabled ? 1 : 0,
    settings: JSON.stringify(one.settings),
    sealed: JSON.stringify(one.sealed),
    routing: JSON.stringify(routing),
  };
  await db.kysely
    .insertInto("channels")
    .values({ id: one.id, tenant: one.tenant ?? null, created_ms: one.createdMs, ...values })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
}

/** With what it was told, and was still to be told. */
export async function removeChannel(db: Database, id: string): Promise<void> {
  await db.kysely.deleteFrom("channels").where("id", "=", id).execute();
}

export async function listGroups(db: Database): Promise<Group[]> {
  const rows = await db.kysely.selectFrom("alert_groups").selectAll().execute();
  return rows.map(({ channel, key, state }) => ({ ...JSON.parse(state), channel, key }));
}

export async function putGroups(db: Database, groups: readonly Group[]): Promise<void> {
  await inBatches(groups, (batch) =>
    db.kysely
      .insertInto("alert_groups")
      .values(batch.map(({ channel, key, ...rest }) => ({ channel, key, state: JSON.stringify(rest) })))
      .onConflict((conflict) =>
        conflict.columns(["channel", "key"]).doUpdateSet({ state: (row) => row.ref("excluded.state") }),
      )
      .execute(),
  );
}

export async function removeGroups(
  db: Database,
  groups: readonly Pick<Group, "channel" | "key">[],
): Promise<void> {
  await inBatches(groups, (batch) =>
    db.kysely
      .deleteFrom("alert_groups")
      .where((row) => row.or(batch.map(({ channel, key }) => row.and({ channel, key }))))
      .execute(),
  );
}
