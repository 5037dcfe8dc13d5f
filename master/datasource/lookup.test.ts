import { expect, test } from "bun:test";
import type { Entry } from "./entry.ts";
import { Index } from "./lookup.ts";

const entryOf = (name: string) => ({ cluster: "c", name }) as Entry;

test("a group keeps each entry once, however few or many it has, and goes with its last", () => {
  const index = new Index();
  const entries = Array.from({ length: 40 }, (_, at) => entryOf(`web-${at}`));
  for (const entry of [...entries, ...entries]) index.add("owner", entry);
  expect([...index.get("c", "owner")]).toEqual(entries);
  for (const entry of entries.slice(3)) index.remove("owner", entry);
  expect(index.get("c", "owner").size).toBe(3);
  for (const entry of entries.slice(0, 3)) index.add("few", entry);
  // Whoever goes through them while one is removed still meets the others.
  const met: string[] = [];
  for (const entry of index.get("c", "few")) {
    met.push(entry.name);
    index.remove("few", entry);
  }
  expect(met).toEqual(["web-0", "web-1", "web-2"]);
  expect(index.get("c", "few").size).toBe(0);
});
