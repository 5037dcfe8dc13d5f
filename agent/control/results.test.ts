import { expect, test } from "bun:test";
import type { AckResult } from "../../wire/control.ts";
import { Results } from "./results.ts";

const command = (id: string, idem?: string) => ({ id, idem, type: "PodDelete", target: {} });
const result = (commandID: string): AckResult => ({ commandID, status: "success", data: "large" });

test("the newest results are remembered, by id and by idem, without what was read", () => {
  const results = new Results(2);
  results.put(command("a", "x"), result("a"));
  results.put(command("b"), result("b"));
  expect(results.of(command("a"))).toEqual({ commandID: "a", status: "success" });
  expect(results.of(command("c", "x"))).toEqual({ commandID: "c", status: "success" });
  expect(results.of(command("c", "y"))).toBeUndefined();
  results.put(command("d", "x"), result("d"));
  expect(results.of(command("a"))).toBeUndefined();
  expect(results.of(command("e", "x"))).toEqual({ commandID: "e", status: "success" });
  results.put(command("f"), result("f"));
  results.put(command("g"), result("g"));
  expect(results.of(command("e", "x"))).toBeUndefined();
});

test("a log that was read is not kept: it is large, and can be read again", () => {
  const results = new Results();
  results.put({ id: "a", type: "PodGetLogs", target: {} }, { ...result("a"), message: "a log" });
  expect(results.of(command("a"))).toBeUndefined();
});
