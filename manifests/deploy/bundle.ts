import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "../../wire/version.ts";
import { imageNames } from "./images.ts";
import { kubectl, run, say, Told } from "./kubectl.ts";

const root = resolve(import.meta.dir, "../..");

/** One archive with the images of one kind of machine, all overlays and what installs them: for where no registry is reached. */
export async function bundle(architecture: string): Promise<string> {
  const images = imageNames.map((name) => `${name}-${architecture}.tar`);
  const missing = images.filter((name) => !existsSync(join(root, "dist/images", name)));
  if (missing.length > 0)
    throw new Told(`dist/images lacks ${missing.join(", ")}: just images ${architecture}`);
  const work = mkdtempSync(join(tmpdir(), "atlhyper-bundle-"));
  const name = `atlhyper-${version}-${architecture}`;
  try {
    const folder = join(work, name);
    for (const one of ["images", "manifests"]) mkdirSync(join(folder, one), { recursive: true });
    for (const one of images) copyFileSync(join(root, "dist/images", one), join(folder, "images", one));
    for (const overlay of readdirSync(join(root, "manifests/overlays")))
      writeFileSync(
        join(folder, "manifests", `${overlay}.yaml`),
        await kubectl("kustomize", join(root, "manifests/overlays", overlay)),
      );
    copyFileSync(join(import.meta.dir, "install.sh"), join(folder, "install.sh"));
    for (const one of ["LICENSE", "CHANGELOG.md", "docs/operations.md"])
      copyFileSync(join(root, one), join(folder, one.slice(one.lastIndexOf("/") + 1)));
    const to = join(root, "dist", `${name}.tar.gz`);
    const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    await run(["tar", ...same, "-C", work, "-czf", to, name], { environment: { GZIP: "-n" } });
    say(
      `${to.slice(root.length + 1)}  ${(Bun.file(to).size / 1e6).toFixed(1)} MB: unpack it there, then sh install.sh`,
    );
    return to;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
