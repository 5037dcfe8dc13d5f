import { expect, test } from "bun:test";
import { config } from "../testing/config.ts";
import { hostOf } from "../testing/context.ts";
import { standInFor } from "./local.ts";

test("only a machine without /proc gets a stand-in for the collectors", async () => {
  expect(await standInFor(config, hostOf(new Map([["/proc/stat", "cpu 1"]])))).toBeUndefined();
  expect(await standInFor(config, hostOf(new Map()))).toHaveProperty("snapshot");
});
