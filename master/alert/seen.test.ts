import { expect, test } from "bun:test";
import { addCluster } from "../database/clusters.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { listSeen } from "../database/seen.ts";
import type { KeptOf } from "../datasource/alert-facts.ts";
import { SeenKeeper } from "./seen.ts";

const hour = 3_600_000;

async function lab() {
  const database = openDatabase(":memory:");
  const { id } = await addCluster(database, "home");
  const changes: KeptOf[] = [];
  const full = { disk: false };
  const inParts: Database["inParts"] = (parts) =>
    full.disk ? Promise.reject(new Error("the disk is full")) : database.inParts(parts);
  const onDisk: Database = Object.create(database, { inParts: { value: inParts } });
  const keeper = new SeenKeeper(onDisk, {
    changes: () => changes.splice(0),
    keepOnly: () => {},
    restore: () => {},
  });
  const of = (name: string): KeptOf => ({
    ...{ cluster: id, of: "object\nJob", key: name },
    one: { subject: { kind: "Job", namespace: "", name, node: "" }, group: "", series: "", lastMs: 0 },
  });
  return {
    ...{ full, keeper, of },
    changed: (...more: KeptOf[]) => changes.push(...more),
    names: async () => (await listSeen(database)).map(({ key, goneMs }) => [key, goneMs]),
    [Symbol.dispose]: () => database.close(),
  };
}

test("what could not be written is written with what comes next, as it is by then", async () => {
  using one = await lab();
  one.full.disk = true;
  one.changed(one.of("a"), one.of("b"), one.of("c"));
  await expect(one.keeper.save(hour)).rejects.toThrow("full");
  one.full.disk = false;
  const { one: _, ...forgotten } = one.of("a");
  one.changed(forgotten, { ...one.of("b"), goneMs: 5 });
  await one.keeper.save(hour + 5000);
  expect(await one.names()).toEqual([
    ["b", 5],
    ["c", undefined],
  ]);
});

test("a clock that is set back does not keep it from being written", async () => {
  using one = await lab();
  await one.keeper.save(hour);
  one.changed(one.of("a"));
  await one.keeper.save(hour + 1000);
  expect(await one.names()).toEqual([]);
  await one.keeper.save(1000);
  expect(await one.names()).toEqual([["a", undefined]]);
});
