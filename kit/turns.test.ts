import { expect, test } from "bun:test";
import { Turns } from "./turns.ts";

test("so many at once, so many wait in their order, and the next is refused; what fails gives its turn on", async () => {
  const turns = new Turns(2, 2, () => new Error("full"));
  const started: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const all = [0, 1, 2, 3].map((number) =>
    turns.take(
      () =>
        new Promise<number>((resolve, reject) => {
          started.push(number);
          ends[number] = (error) => (error ? reject(error) : resolve(number));
        }),
    ),
  );
  expect(started).toEqual([0, 1]);
  expect(turns.take(async () => 9)).rejects.toThrow("full");
  ends[1]!(new Error("broken"));
  expect(all[1]).rejects.toThrow("broken");
  await Bun.sleep(1);
  expect(started).toEqual([0, 1, 2]);
  ends[0]!();
  await Bun.sleep(1);
  for (const end of ends) end();
  expect(await Promise.all([all[0], all[2], all[3]])).toEqual([0, 2, 3]);
  expect(await turns.take(async () => 9)).toBe(9);
});
