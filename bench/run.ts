import { readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * `bun bench/run.ts` runs every bench one after the other, `bun bench/run.ts probe` one. Each prints lines of
 * `name value unit`; none fails on a figure, since machines differ.
 */
const [wanted] = process.argv.slice(2);
const names = readdirSync(import.meta.dir)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .map((file) => file.replace(/\.ts$/, ""));

if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`there is no bench ${wanted}: ${names.join(", ")}`);
  process.exit(2);
}
for (const name of wanted === undefined ? names : [wanted]) {
  console.log(`# ${name}`);
  const child = Bun.spawn([process.execPath, join(import.meta.dir, `${name}.ts`)], {
    stdout: "inherit",
    stderr: "inherit",
  });
  if ((await child.exited) !== 0) process.exitCode = 1;
}
