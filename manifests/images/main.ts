import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { recipe } from "../../probe/native/make/recipe.ts";
import { makeToolchain, Missing, run } from "../../probe/native/make/toolchain.ts";
import { type Part, writeArchive } from "./archive.ts";
import { annotationsOf, type Image, images, referenceOf } from "./images.ts";
import { type Architecture, architectures, platformOf } from "./root.ts";

/**
 * `bun manifests/images/main.ts [amd64] [arm64] [arm] [riscv64]` builds the images of all services into `dist/images/`,
 * for each an archive with the images of all kinds of machines that `ctr images import`, k3s, `podman load` and
 * `docker load` take. No registry is asked: everything comes from the source, npm and Debian's packages. Needs buildah.
 */
const say = (line: string) => void process.stdout.write(`${line}\n`);
const dist = resolve(import.meta.dir, "../../dist/images");

/** Builds an image for one kind of machine, as an image layout in a folder. */
async function build(
  image: Image,
  architecture: Architecture,
  toolchain: string,
  work: string,
): Promise<Part> {
  const folder = join(work, "root");
  const materials = await image.root(folder, architecture, toolchain);
  writeFileSync(join(dist, `${image.name}-${architecture}.cdx.json`), materials);
  const platform = platformOf(architecture);
  const layout = join(work, "layout");
  const buildah = (...words: string[]) => run(["buildah", "--storage-driver", "vfs", ...words]).trim();
  const container = buildah("from", "--platform", `linux/${architecture}`, "scratch");
  try {
    buildah("copy", "--quiet", container, folder, "/");
    // All of that belongs to root. Where nothing is mounted the data's folder belongs to who runs, as does a new volume.
    if (image.data) {
      mkdirSync(join(work, "data"));
      buildah("copy", "--quiet", "--chown", image.user, container, join(work, "data"), image.data);
    }
    const said = Object.entries(annotationsOf(image)).map(([key, value]) => `${key}=${value}`);
    buildah(
      ...["config", "--os", "linux", "--arch", architecture],
      ...(platform.variant ? ["--variant", platform.variant] : []),
      ...["--user", image.user, "--entrypoint", JSON.stringify([image.entrypoint]), "--cmd", ""],
      ...Object.entries(image.environment ?? {}).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
      ...(image.data ? ["--workingdir", image.data] : []),
      ...said.flatMap((one) => ["--label", one, "--annotation", one]),
      container,
    );
    // The same bytes for the same source, whenever it is built.
    buildah(
      ...["commit", "--quiet", "--timestamp", "0", "--disable-compression=false", container],
      `oci:${layout}`,
    );
  } finally {
    buildah("rm", container);
  }
  return { platform, layout };
}

process.exitCode = await recipe(process.argv.slice(2), architectures, async (wanted) => {
  if (!Bun.which("buildah"))
    throw new Missing(
      "Images are built with buildah (`apt-get install buildah`); with Docker or Podman: docker build -f manifests/images/atlhyper.Dockerfile .",
    );
  mkdirSync(dist, { recursive: true });
  const toolchain = makeToolchain(say);
  for (const image of images) {
    const work = mkdtempSync(join(tmpdir(), "atlhyper-image-"));
    try {
      const parts: Part[] = [];
      for (const architecture of image.architectures.filter((one) => wanted.includes(one)))
        parts.push(await build(image, architecture, toolchain, mkdtempSync(join(work, `${architecture}-`))));
      if (parts.length === 0) continue;
      const file = join(dist, `${image.name}.tar`);
      rmSync(file, { force: true });
      const digest = writeArchive(file, referenceOf(image), annotationsOf(image), parts);
      const kinds = parts.map(({ platform }) => platform.architecture + (platform.variant ?? "")).join(", ");
      const size = (statSync(file).size / 1e6).toFixed(1);
      say(`${referenceOf(image)}  ${kinds}  dist/images/${image.name}.tar  ${size} MB  ${digest}`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
});
