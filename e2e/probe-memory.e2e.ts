import { afterAll, expect, test } from "bun:test";
import { toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { ownTarget } from "../probe/native/make/targets.ts";

const toolchain = toolchainOrReason();
const shop = toolchain === undefined ? undefined : workshop(toolchain);
afterAll(() => shop?.[Symbol.dispose]());

test.skipIf(!shop)(
  "a million blocks of memory are taken and given back, and none overlaps another",
  async () => {
    const entry = new URL("../probe/native/testing/memory.c", import.meta.url).pathname;
    const done = Bun.spawnSync(await shop!.program(entry, ownTarget()!, "sanitized"), { timeout: 60_000 });
    expect(`${done.stdout}${done.stderr}`).toBe("so it is\n");
  },
  240_000,
);
