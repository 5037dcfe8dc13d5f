import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

const root = resolve(import.meta.dir, "../..");

/**
 * Compiles `atlhyper` to one binary: `bun manifests/images/compile.ts OUTFILE [bun-linux-arm64 [BUN]]`. BUN is the
 * runtime of that target where it is there already; Bun fetches it otherwise.
 *
 * Modules named `embedded-*.ts` read files beside the source, which a binary does not have: what their function
 * `embedded` gives now is compiled in instead.
 */
export async function compile(outfile: string, target?: string, executablePath?: string): Promise<void> {
  mkdirSync(dirname(resolve(outfile)), { recursive: true });
  const result = await Bun.build({
    entrypoints: [resolve(root, "main.ts")],
    // Names stay: Elysia reads the text of handlers.
    minify: { whitespace: true, syntax: true },
    compile: {
      outfile: resolve(outfile),
      ...(target ? { target: target as "bun-linux-x64" } : {}),
      ...(executablePath ? { executablePath } : {}),
      // The environment is the configuration: no .env or bunfig.toml of wherever it is started.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    plugins: [
      {
        name: "embedded",
        setup(build) {
          build.onLoad({ filter: /\/embedded-[\w-]+\.ts$/ }, async ({ path }) => {
            const { embedded } = (await import(path)) as { embedded(): unknown };
            const value = JSON.stringify(embedded());
            return {
              contents: `const value = ${value};\nexport const embedded = () => value;`,
              loader: "js",
            };
          });
        },
      },
    ],
  });
  if (!result.success) throw new AggregateError(result.logs, "the binary was not compiled");
}

if (import.meta.main) {
  const [outfile = resolve(root, "dist/atlhyper"), target, executablePath] = process.argv.slice(2);
  await compile(outfile, target, executablePath);
  process.stdout.write(`${outfile}\t${(statSync(outfile).size / 1e6).toFixed(1)} MB\n`);
}
