import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { deploy } from "./deploy.ts";
import { kubectl, say, Told } from "./kubectl.ts";
import { backup, restore, status, undeploy } from "./others.ts";

/**
 * What the recipes deploy, undeploy, status, backup, restore and bundle do, in the cluster of kubectl's current context:
 * `bun manifests/deploy/main.ts deploy [--overlay k3s] [--registry PREFIX] [--name NAME] [--timeout SECONDS]`.
 */
async function main([what = "", ...words]: string[]): Promise<number> {
  const overlays = readdirSync(resolve(import.meta.dir, "../overlays"));
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      overlay: { type: "string", default: "k3s" },
      registry: { type: "string" },
      name: { type: "string" },
      timeout: { type: "string", default: "300" },
    },
  });
  if (!Bun.which("kubectl"))
    throw new Told("kubectl is not there: it is what this speaks to the cluster with");
  const context = (await kubectl("config", "current-context").catch(() => "in-cluster")).trim();
  const [file] = positionals;
  switch (what) {
    case "deploy": {
      if (!overlays.includes(values.overlay))
        throw new Told(`there is no overlay ${values.overlay}: ${overlays.join(", ")}`);
      const timeoutSeconds = Number(values.timeout);
      if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1)
        throw new Told("--timeout is a whole number of seconds");
      say(`Deploying to ${context}`);
      await deploy({
        overlay: values.overlay,
        ...(values.registry ? { registry: values.registry } : {}),
        name: values.name ?? context,
        timeoutSeconds,
      });
      return 0;
    }
    case "bundle":
      await bundle();
      return 0;
    case "undeploy":
      await undeploy();
      return 0;
    case "status":
      return status();
    case "backup":
    case "restore":
      if (file === undefined) throw new Told(`which file to ${what} is missing`);
      await (what === "backup" ? backup(file) : restore(file));
      return 0;
    default:
      throw new Told("what to do is missing: deploy, undeploy, status, backup FILE, restore FILE, bundle");
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Told) && (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") !== true)
    throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
