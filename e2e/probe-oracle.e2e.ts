import { afterAll, expect, test } from "bun:test";
import { bunHost } from "../probe/host/bun.ts";
import { loadFixture, machines } from "../probe/testing/fixture.ts";
import { looksOf, rootsOf, targetsThatRun, toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { tryHost } from "../probe/testing/trial.ts";

/** What runs on Bun is what runs on QuickJS: recorded machines go through both. */
const toolchain = toolchainOrReason();
const shop = toolchain === undefined ? undefined : workshop(toolchain);
afterAll(() => shop?.[Symbol.dispose]());
const pairs = shop
  ? targetsThatRun().flatMap((target) => machines.map((machine) => [machine, target] as const))
  : [];

test.skipIf(!shop).each(pairs.map(([machine, target]) => [machine, target.name, target] as const))(
  "the envelope of %s is the same on Bun and on %s, byte for byte",
  async (machine, _, target) => {
    const looks = looksOf(loadFixture(machine), shop!.folder);
    const trial = { roots: rootsOf(looks), looks };
    const expected = await tryHost(bunHost(), trial);
    const { snapshot } = JSON.parse(expected);
    expect(snapshot.collectors.filter((one: { error?: string }) => one.error !== undefined)).toEqual([]);
    for (const part of ["cpu", "memory", "disk", "diskIO", "network", "topCPUProcesses"])
      expect(snapshot).toHaveProperty(part);
    expect(await shop!.ask(trial, target)).toBe(expected);
  },
  240_000,
);
