import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { recipe } from "../../probe/native/make/recipe.ts";
import { makeToolchain, Missing, run } from "../../probe/native/make/toolchain.ts";
import { version } from "../../wire/version.ts";
import { type Architecture, architectures, probeRoot, productRoot } from "./root.ts";

/**
 * `bun manifests/images/main.ts [amd64] [arm64]` builds the images of all services into `dist/images/`, each as an
 * archive that `docker load`, `podman load`, `ctr images import` and `k3s ctr images import` take. No registry is
 * asked: everything comes from the source, npm and Debian's packages. Needs buildah.
 */
const say = (line: string) => void process.stdout.write(`${line}\n`);
const dist = resolve(import.meta.dir, "../../dist/images");

interface Image {
  name: string;
  title: string;
  description: string;
  entrypoint: string;
  user: string;
  root: typeof productRoot;
}

const images: readonly Image[] = [
  {
    name: "atlhyper",
    title: "AtlHyper",
    description: "Kubernetes observability and control: master and agent",
    entrypoint: "/usr/bin/atlhyper",
    user: "65532:65532",
    root: productRoot,
  },
  {
    name: "atlhyper-probe",
    title: "AtlHyper probe",
    description: "One node's metrics",
    entrypoint: "/atlhyper-probe",
    user: "65534:65534",
    root: probeRoot,
  },
];

async function build(image: Image, architecture: Architecture, toolchain: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "atlhyper-image-"));
  try {
    const folder = join(work, "root");
    const materials = await image.root(folder, architecture, toolchain);
    const file = join(dist, `${image.name}-${architecture}`);
    writeFileSync(`${file}.cdx.json`, materials);
    const buildah = (...words: string[]) => run(["buildah", "--storage-driver", "vfs", ...words]).trim();
    const container = buildah("from", "--arch", architecture, "scratch");
    try {
      buildah("copy", "--quiet", container, folder, "/");
      // Created by a chown of its own: the rest belongs to root.
      if (image.root === productRoot)
        buildah("copy", "--quiet", "--chown", image.user, container, join(folder, "data"), "/data");
      const labels = Object.entries({
        title: image.title,
        description: image.description,
        version,
        licenses: "Apache-2.0",
        vendor: "AtlHyper",
      }).flatMap(([key, value]) => ["--label", `org.opencontainers.image.${key}=${value}`]);
      buildah(
        "config",
        "--arch",
        architecture,
        "--os",
        "linux",
        "--user",
        image.user,
        "--entrypoint",
        JSON.stringify([image.entrypoint]),
        "--cmd",
        "",
        ...(image.root === productRoot ? ["--env", "ATLHYPER_DATA=/data", "--workingdir", "/data"] : []),
        ...labels,
        container,
      );
      const reference = `localhost/${image.name}:${version}`;
      rmSync(`${file}.tar`, { force: true });
      // The same bytes for the same source, whenever it is built.
      buildah("commit", "--quiet", "--timestamp", "0", container, `docker-archive:${file}.tar:${reference}`);
      say(
        `${reference}  ${architecture}  dist/images/${image.name}-${architecture}.tar  ${(statSync(`${file}.tar`).size / 1e6).toFixed(1)} MB`,
      );
    } finally {
      buildah("rm", container);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

process.exitCode = await recipe(process.argv.slice(2), architectures, async (wanted) => {
  if (!Bun.which("buildah"))
    throw new Missing(
      "Images are built with buildah (`apt-get install buildah`); with Docker or Podman: docker build -f manifests/images/atlhyper.Dockerfile .",
    );
  mkdirSync(dist, { recursive: true });
  const toolchain = makeToolchain(say);
  for (const architecture of architectures)
    if (wanted.includes(architecture))
      for (const image of images) await build(image, architecture, toolchain);
});
