import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../probe/native/make/toolchain.ts";

/**
 * One archive for every kind of machine: an OCI image layout (https://github.com/opencontainers/image-spec,
 * image-layout.md) with an index of the images of all of them, of which a node takes its own. Written here, as buildah
 * gives an index neither annotations nor the name that containerd looks for.
 */
export interface Platform {
  architecture: string;
  variant?: string;
  os: "linux";
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: Platform;
  annotations?: Record<string, string>;
}
export interface Index {
  schemaVersion: 2;
  mediaType: string;
  manifests: Descriptor[];
  annotations?: Record<string, string>;
}
interface Manifest {
  config: Descriptor;
  layers: Descriptor[];
}

const indexType = "application/vnd.oci.image.index.v1+json";
const blob = (digest: string) => `blobs/${digest.replace(":", "/")}`;

/** Files in the same order, of nobody and of no time: the same content gives the same bytes. */
export const sameTar = "--format=ustar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner".split(" ");

export interface Part {
  platform: Platform;
  /** An image layout with this one image, which is taken apart. */
  layout: string;
}

/** Writes the archive; gives the digest of its index, which is that of the image. */
export function writeArchive(
  file: string,
  reference: string,
  annotations: Record<string, string>,
  parts: readonly Part[],
): string {
  const work = mkdtempSync(join(tmpdir(), "atlhyper-archive-"));
  try {
    mkdirSync(join(work, "blobs/sha256"), { recursive: true });
    const manifests = parts.map(({ platform, layout }): Descriptor => {
      for (const name of readdirSync(join(layout, "blobs/sha256")))
        renameSync(join(layout, "blobs/sha256", name), join(work, "blobs/sha256", name));
      const [{ mediaType, digest, size } = {} as Descriptor] = read<Index>(
        join(layout, "index.json"),
      ).manifests;
      return { mediaType, digest, size, platform };
    });
    const index: Index = { schemaVersion: 2, mediaType: indexType, manifests, annotations };
    const text = JSON.stringify(index);
    const digest = `sha256:${new Bun.CryptoHasher("sha256").update(text).digest("hex")}`;
    writeFileSync(join(work, blob(digest)), text);
    const named: Descriptor = {
      mediaType: indexType,
      digest,
      size: Buffer.byteLength(text),
      // containerd goes by the one, Podman and buildah by the other.
      annotations: {
        "io.containerd.image.name": reference,
        "org.opencontainers.image.ref.name": reference,
      },
    };
    const write = (name: string, value: unknown) => writeFileSync(join(work, name), JSON.stringify(value));
    write("oci-layout", { imageLayoutVersion: "1.0.0" });
    write("index.json", { schemaVersion: 2, mediaType: indexType, manifests: [named] });
    write("manifest.json", [forDocker(work, reference, manifests)]);
    mkdirSync(dirname(file), { recursive: true });
    run(["tar", ...sameTar, "-C", work, "-cf", file, "oci-layout", "index.json", "manifest.json", "blobs"]);
    return digest;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What Docker reads that has no containerd beneath it: one image, the one of this machine's kind where there is one. */
function forDocker(work: string, reference: string, manifests: readonly Descriptor[]) {
  const own = process.arch === "x64" ? "amd64" : process.arch;
  const one = manifests.find(({ platform }) => platform?.architecture === own) ?? manifests[0]!;
  const { config, layers } = read<Manifest>(join(work, blob(one.digest)));
  return {
    Config: blob(config.digest),
    RepoTags: [reference],
    Layers: layers.map((layer) => blob(layer.digest)),
  };
}

/** An archive's index and its digest; undefined where there is no such archive. */
export function readArchive(file: string): { digest: string; index: Index } | undefined {
  if (!existsSync(file)) return undefined;
  const [{ digest } = { digest: "" }] = (JSON.parse(member(file, "index.json")) as Index).manifests;
  return { digest, index: JSON.parse(member(file, blob(digest))) as Index };
}

const member = (file: string, name: string) => run(["tar", "-xOf", file, name]);
const read = <T>(file: string) => JSON.parse(readFileSync(file, "utf8")) as T;
