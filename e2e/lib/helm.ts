import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const version = "v3.19.2";
const folder = join(homedir(), ".cache", "atlhyper", `helm-${version}`);
const built = join(folder, "helm");

/** Helm from the PATH, or built once from its Go module (minutes) where there is Go; a word on why there is none. */
export function provideHelm(): { helm: string } | { missing: string } {
  const found = Bun.which("helm");
  if (found) return { helm: found };
  if (existsSync(built)) return { helm: built };
  if (!Bun.which("go")) return { missing: "neither helm nor go is here" };
  const made = Bun.spawnSync(["go", "install", `helm.sh/helm/v3/cmd/helm@${version}`], {
    cwd: "/",
    env: { ...process.env, GOBIN: folder, GOFLAGS: "-buildvcs=false", CGO_ENABLED: "0" },
  });
  return made.success
    ? { helm: built }
    : { missing: `helm was not built: ${made.stderr.toString().slice(-500)}` };
}

if (import.meta.main) console.log(provideHelm());
