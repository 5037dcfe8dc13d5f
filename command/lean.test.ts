import { expect, test } from "bun:test";
import { becomeLean } from "./lean.ts";

const file = new URL("./lean.ts", import.meta.url).pathname;
const program = `
  const { becomeLean } = await import(${JSON.stringify(file)});
  console.log("began");
  becomeLean(process.env);
  const set = Object.entries(process.env).filter(([name]) => name.startsWith("BUN_JSC_"));
  console.log(JSON.stringify({ pid: process.pid, args: process.argv.slice(-2), set: Object.fromEntries(set) }));
`;

async function run(environment: Record<string, string>) {
  const args = ["with space", "ä"];
  const child = Bun.spawn([process.execPath, "-e", program, ...args], {
    env: { ...process.env, ...environment },
    stdout: "pipe",
  });
  const lines = (await child.stdout.text()).trim().split("\n");
  return { pid: child.pid, starts: lines.length - 1, told: JSON.parse(lines.at(-1)!) };
}

test.skipIf(process.platform !== "linux")(
  "a program starts anew once, as the same process with the same arguments, and what is set stays",
  async () => {
    const { pid, starts, told } = await run({ BUN_JSC_useJIT: "1" });
    expect(starts).toBe(2);
    expect(told).toMatchObject({ pid, args: ["with space", "ä"] });
    expect(told.set).toMatchObject({ BUN_JSC_useJIT: "1", BUN_JSC_useConcurrentGC: "0" });
    const again = await run(told.set);
    expect(again.starts).toBe(1);
    expect(again.told.set).toEqual(told.set);
  },
);

test("an environment that is not the process's own changes nothing", () => {
  becomeLean({});
});
