import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { version } from "../../wire/version.ts";
import { writeChart } from "../chart/main.ts";
import { readArchive, sameTar } from "../images/archive.ts";
import { archiveOf, imageNames } from "./images.ts";
import { kubectl, run, say, Told } from "./kubectl.ts";

const root = resolve(import.meta.dir, "../..");

/** One archive with the images, all overlays and what installs them: for where no registry is reached. */
export async function bundle(): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), "atlhyper-bundle-"));
  const name = `atlhyper-${version}`;
  try {
    const folder = join(work, name);
    for (const one of ["images", "manifests"]) mkdirSync(join(folder, one), { recursive: true });
    for (const one of imageNames) {
      const index = readArchive(archiveOf(one))?.index;
      if (!index) throw new Told(`dist/images lacks ${one}.tar: just images`);
      const kinds = index.manifests.map(({ platform }) => platform!.architecture).join(" ");
      copyFileSync(archiveOf(one), join(folder, "images", `${one}.tar`));
      // A shell looks into no archive.
      writeFileSync(join(folder, "images", `${one}.architectures`), `${kinds}\n`);
      say(`${one}  ${kinds}`);
    }
    for (const overlay of readdirSync(join(root, "manifests/overlays")))
      writeFileSync(
        join(folder, "manifests", `${overlay}.yaml`),
        await kubectl("kustomize", join(root, "manifests/overlays", overlay)),
      );
    const chart = await writeChart(join(work, "chart"));
    copyFileSync(chart, join(folder, basename(chart)));
    copyFileSync(join(import.meta.dir, "install.sh"), join(folder, "install.sh"));
    for (const one of ["LICENSE", "CHANGELOG.md", "docs/operations.md"])
      copyFileSync(join(root, one), join(folder, one.slice(one.lastIndexOf("/") + 1)));
    const to = join(root, "dist", `${name}.tar.gz`);
    await run(["tar", ...sameTar, "-C", work, "-czf", to, name], { environment: { GZIP: "-n" } });
    say(
      `${to.slice(root.length + 1)}  ${(Bun.file(to).size / 1e6).toFixed(1)} MB: unpack it there, then sh install.sh`,
    );
    return to;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
