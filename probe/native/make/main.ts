import { resolve } from "node:path";
import { buildProgram } from "./build.ts";
import { recipe } from "./recipe.ts";
import { type Target, targets } from "./targets.ts";
import { makeToolchain } from "./toolchain.ts";

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

const given = process.argv.slice(2);
process.exitCode = await recipe(
  given.filter((word) => word !== "--toolchain"),
  targets.map((one) => one.name),
  async (wanted) => {
    const toolchain = makeToolchain(say);
    if (given.includes("--toolchain")) return;
    for (const target of targets) if (wanted.includes(target.name)) await build(target, toolchain);
  },
);
