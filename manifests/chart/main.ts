import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { version } from "../../wire/version.ts";
import { sameTar } from "../images/archive.ts";
import { run, say } from "../deploy/kubectl.ts";
import { fixed } from "./fixed.ts";
import { objectsOf } from "./objects.ts";
import { schema } from "./schema.ts";
import { templatesOf } from "./templates.ts";
import { overlayValues, valuesOf } from "./values.ts";

const root = resolve(import.meta.dir, "../..");

/** The chart's files by name, of the manifests as they are. Needs kubectl, and no Helm. */
async function chartFiles(): Promise<Record<string, string>> {
  // All that there is: what is not there by default is behind a value.
  const objects = await objectsOf("certificates");
  const files: Record<string, string> = {
    "Chart.yaml": Bun.YAML.stringify(
      {
        apiVersion: "v2",
        name: "atlhyper",
        description:
          "Shows what runs in your clusters, remembers what happened, tells what breaks, and fixes it",
        type: "application",
        version,
        appVersion: version,
        kubeVersion: ">=1.25.0-0",
        keywords: ["observability", "monitoring", "kubernetes"],
      },
      null,
      2,
    ),
    "values.yaml": valuesOf(objects),
    "values.schema.json": `${JSON.stringify(schema, null, 2)}\n`,
    LICENSE: await Bun.file(join(root, "LICENSE")).text(),
  };
  for (const [name, text] of Object.entries({ ...fixed, ...templatesOf(objects) }))
    files[`templates/${name}`] = text;
  for (const [name, values] of Object.entries(overlayValues))
    files[`overlays/${name}.yaml`] = `${Bun.YAML.stringify(values, null, 2)}\n`;
  return files;
}

/** Writes the chart as a folder and as the archive that Helm takes; gives the archive's path. */
export async function writeChart(into = join(root, "dist")): Promise<string> {
  const folder = join(into, "chart", "atlhyper");
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(await chartFiles())) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const archive = join(into, `atlhyper-${version}.tgz`);
  await run(["tar", ...sameTar, "-C", dirname(folder), "-czf", archive, "atlhyper"], {
    environment: { GZIP: "-n" },
  });
  return archive;
}

if (import.meta.main) {
  const archive = await writeChart();
  say(
    `${archive.slice(root.length + 1)}: helm install atlhyper ${archive.slice(root.length + 1)} -n atlhyper --create-namespace`,
  );
}
