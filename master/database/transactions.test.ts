import { expect, test } from "bun:test";
import { openDatabase } from "./database.ts";

const read = async (db: ReturnType<typeof openDatabase>) =>
  (await db.kysely.selectFrom("settings").select("key").orderBy("key").execute()).map((one) => one.key);
const write = (db: ReturnType<typeof openDatabase>, key: string) =>
  db.kysely.insertInto("settings").values({ key, value: "1" }).execute();

test("a transaction is kept or taken back as a whole, and others wait for its end", async () => {
  const db = openDatabase(":memory:");
  const first = db.transaction(async () => {
    await write(db, "a");
    await Bun.sleep(10);
    await write(db, "b");
  });
  await Bun.sleep(1);
  expect(await read(db)).toEqual(["a", "b"]);
  await first;
  const second = db.transaction(async () => {
    await write(db, "c");
    throw new Error("no");
  });
  await expect(second).rejects.toThrow("no");
  expect(await read(db)).toEqual(["a", "b"]);
});

test("what was begun within a transaction and goes on after it stands alone", async () => {
  const db = openDatabase(":memory:");
  const later = Promise.withResolvers<boolean>();
  await db.transaction(async () => {
    expect(db.inTransaction()).toBe(true);
    setTimeout(() => write(db, "late").then(() => later.resolve(db.inTransaction())), 5);
  });
  expect(await later.promise).toBe(false);
  expect(await read(db)).toEqual(["late"]);
});

test("transactions do not nest", async () => {
  const db = openDatabase(":memory:");
  await expect(db.transaction(async () => db.transaction(async () => {}))).rejects.toThrow("do not nest");
  expect(await read(db)).toEqual([]);
});
