import { resolve } from "node:path";
import { buildProgram } from "./build.ts";
import { type Target, targets } from "./targets.ts";
import { makeToolchain, Missing } from "./toolchain.ts";

/**
 * `bun probe/native/make/main.ts [target…]` builds the probe's static binaries into `dist/`, makes the toolchain
 * first where there is none, and prints what came out. `--toolchain` makes that alone.
 */
const say = (line: string) => void process.stdout.write(`${line}\n`);
const dist = resolve(import.meta.dir, "../../../dist");

async function build(target: Target, toolchain: string): Promise<void> {
  const name = `atlhyper-probe-${target.name}`;
  const to = resolve(dist, name);
  await buildProgram({ toolchain, target, to });
  const bytes = await Bun.file(to).bytes();
  const hash = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  say(`${hash}  dist/${name}  ${(bytes.length / 1e6).toFixed(2)} MB`);
}

async function main(words: string[]): Promise<number> {
  const wanted = words.filter((word) => word !== "--toolchain");
  const unknown = wanted.find((word) => !targets.some((one) => one.name === word));
  if (unknown !== undefined) {
    process.stderr.write(`there is no target ${unknown}: ${targets.map((one) => one.name).join(", ")}\n`);
    return 2;
  }
  try {
    const toolchain = makeToolchain(say);
    if (words.includes("--toolchain")) return 0;
    for (const target of targets)
      if (wanted.length === 0 || wanted.includes(target.name)) await build(target, toolchain);
    return 0;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
