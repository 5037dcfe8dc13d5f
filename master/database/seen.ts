import type { KeptOf } from "../datasource/alert-facts.ts";
import { inBatches } from "./batches.ts";
import type { Database } from "./database.ts";

export async function listSeen(db: Database): Promise<KeptOf[]> {
  const rows = await db.kysely.selectFrom("alert_seen").selectAll().execute();
  return rows.map(({ one, gone_ms, ...rest }) => ({
    ...rest,
    one: { ...JSON.parse(one), lastMs: gone_ms ?? 0 },
    ...(gone_ms === null ? {} : { goneMs: gone_ms }),
  }));
}

/** Writes down what is there or missed, and lets go of what is forgotten; of clusters that are known. */
export async function putSeen(db: Database, all: readonly KeptOf[]): Promise<void> {
  const known = new Set((await db.kysely.selectFrom("clusters").select("id").execute()).map((one) => one.id));
  const rows = all.flatMap(({ cluster, of, key, one, goneMs }) => {
    if (!one || !known.has(cluster)) return [];
    const { subject, group, series } = one;
    return { cluster, of, key, one: JSON.stringify({ subject, group, series }), gone_ms: goneMs ?? null };
  });
  await inBatches(rows, (batch) =>
    db.kysely
      .insertInto("alert_seen")
      .values(batch)
      .onConflict((conflict) =>
        conflict
          .columns(["cluster", "of", "key"])
          .doUpdateSet({ gone_ms: (row) => row.ref("excluded.gone_ms") }),
      )
      .execute(),
  );
  await inBatches(
    all.filter((one) => !one.one),
    (batch) =>
      db.kysely
        .deleteFrom("alert_seen")
        .where((row) => row.or(batch.map(({ cluster, of, key }) => row.and({ cluster, of, key }))))
        .execute(),
  );
}

/** Lets go of all but some columns and kinds. */
export async function pruneSeen(db: Database, asked: readonly string[]): Promise<void> {
  let rows = db.kysely.deleteFrom("alert_seen");
  if (asked.length > 0) rows = rows.where("of", "not in", [...asked]);
  await rows.execute();
}
