import { expect, test } from "bun:test";
import { agentVariables } from "../agent/config.ts";
import type { Variable } from "../kit/env.ts";
import { masterVariables } from "../master/config.ts";
import { probeVariables } from "../probe/config.ts";

const operations = await Bun.file(new URL("../docs/operations.md", import.meta.url)).text();

const row = (one: Variable<unknown>) =>
  `| \`${one.name}\` | ${one.fallback === "" ? "" : `\`${one.fallback}\``} | ${one.help} |`;

test.each([
  ["master", masterVariables],
  ["agent", agentVariables],
  ["probe", probeVariables],
] as const)("the operations guide lists every variable of the %s with its default", (_, table) => {
  for (const one of Object.values(table as Record<string, Variable<unknown>>))
    expect(operations).toContain(row(one));
});
