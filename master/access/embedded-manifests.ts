import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../manifests/base/agent/", import.meta.url);

/**
 * The agent's manifests, by the names of their files. A compiled binary has no files: whoever compiles puts what this
 * gives in its place (manifests/images/compile.ts).
 */
export function embedded(): Record<string, string> {
  const files = [".", "rights"].flatMap((below) => {
    const names = readdirSync(new URL(`${below}/`, folder)).filter((name) => name.endsWith(".yaml"));
    return names.map((name): [string, string] => [
      name,
      readFileSync(new URL(`${below}/${name}`, folder), "utf8"),
    ]);
  });
  return Object.fromEntries(files.filter(([name]) => name !== "kustomization.yaml"));
}
