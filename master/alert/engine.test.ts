import { expect, test } from "bun:test";
import { type Database, openDatabase } from "../database/database.ts";
import { nothingMeasured } from "../datasource/values/measured.ts";
import { addCluster } from "../database/clusters.ts";
import { Engine } from "./engine.ts";

test("where writing ends in the middle, the engine goes on from what was written, and writes the rest once", async () => {
  const db = openDatabase(":memory:");
  const { id } = await addCluster(db, "prod");
  const now = 1_700_000_000_000;
  const faults = Array.from({ length: 400 }, (_, n) => ({
    ...{ cluster: id, kind: "Pod", namespace: "shop", name: `p${n}`, node: "n1", reason: "OOMKilled" },
    ...{ message: "it was killed", severity: "warning" as const, sinceMs: 1, lastMs: now, count: 1 },
    group: `Pod/shop/p${n}`,
  }));
  let fails = true;
  const inParts: Database["inParts"] = (parts) =>
    db.inParts(
      (function* () {
        let count = 0;
        for (const one of parts) {
          if (fails && count++ === 1) throw new Error("the disk is full");
          yield one;
        }
      })(),
    );
  const database = new Proxy(db, {
    get: (of, name) => (name === "inParts" ? inParts : Reflect.get(of, name)),
  });
  const facts = { id, name: "prod", now, live: true, faults, labelsOf: () => ({}), ...nothingMeasured };
  const engine = new Engine({
    database,
    facts: () => [facts],
    owners: new Map([[id, "default"]]),
    channels: { load: async () => {}, told: () => [], all: () => [], get: () => undefined } as never,
    sender: { kick: () => {} } as never,
    changed: () => {},
    failed: () => {},
    now: () => now,
  });
  await engine.load();
  await expect(engine.tick()).rejects.toThrow("the disk is full");
  expect(engine.alerts.size).toBe(0);
  const began = () =>
    db.main.query("SELECT count(*) AS n FROM alert_history WHERE what = 'firing'").get() as { n: number };
  expect(began().n).toBe(250);
  fails = false;
  await engine.tick();
  await engine.tick();
  expect(engine.alerts.size).toBe(400);
  expect(began().n).toBe(400);
  db.close();
});
