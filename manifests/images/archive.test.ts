import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Part, readArchive, writeArchive } from "./archive.ts";

const work = mkdtempSync(join(tmpdir(), "atlhyper-archive-test-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const sha256 = (text: string | Uint8Array) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

let layouts = 0;
/** An image layout as buildah leaves it, of one layer. */
function layout(architecture: string, variant?: string): Part {
  const folder = join(work, `layout-${layouts++}`);
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const blob = (text: string) => {
    writeFileSync(join(folder, "blobs/sha256", sha256(text)), text);
    return { digest: `sha256:${sha256(text)}`, size: text.length };
  };
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: blob(JSON.stringify({ architecture })),
    layers: [blob(`layer of ${architecture}`)],
  });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  writeFileSync(
    join(folder, "index.json"),
    JSON.stringify({ manifests: [{ mediaType, ...blob(manifest) }] }),
  );
  return { platform: { architecture, os: "linux", ...(variant ? { variant } : {}) }, layout: folder };
}

const annotations = { "org.opencontainers.image.version": "1.2.3" };
function archive(name: string, ...parts: Part[]) {
  const file = join(work, name);
  return { file, digest: writeArchive(file, "localhost/thing:1.2.3", annotations, parts) };
}
const member = (file: string, name: string) => Bun.spawnSync(["tar", "-xOf", file, name]).stdout.toString();

test("an archive holds one image by its name, with an index of all kinds of machines", () => {
  const { file, digest } = archive("two.tar", layout("amd64"), layout("arm", "v7"));
  const top = JSON.parse(member(file, "index.json"));
  expect(JSON.parse(member(file, "oci-layout"))).toEqual({ imageLayoutVersion: "1.0.0" });
  expect(top.manifests).toEqual([
    {
      mediaType: "application/vnd.oci.image.index.v1+json",
      digest,
      size: member(file, `blobs/${digest.replace(":", "/")}`).length,
      annotations: {
        "io.containerd.image.name": "localhost/thing:1.2.3",
        "org.opencontainers.image.ref.name": "localhost/thing:1.2.3",
      },
    },
  ]);
  const read = readArchive(file)!;
  expect(read.digest).toBe(digest);
  expect(read.index.annotations).toEqual(annotations);
  expect(read.index.manifests.map(({ platform }) => platform)).toEqual([
    { architecture: "amd64", os: "linux" },
    { architecture: "arm", os: "linux", variant: "v7" },
  ]);
});

test("every part is there under its digest and size", () => {
  const { file } = archive("whole.tar", layout("amd64"), layout("riscv64"));
  const check = ({ digest, size }: { digest: string; size: number }) => {
    const text = member(file, `blobs/${digest.replace(":", "/")}`);
    expect([sha256(text), text.length]).toEqual([digest.slice("sha256:".length), size]);
    return text;
  };
  for (const one of readArchive(file)!.index.manifests) {
    const { config, layers } = JSON.parse(check(one));
    expect(JSON.parse(check(config)).architecture).toBe(one.platform!.architecture);
    for (const layer of layers) expect(check(layer)).toBe(`layer of ${one.platform!.architecture}`);
  }
});

test("the same parts give the same bytes", () => {
  const first = archive("first.tar", layout("amd64"), layout("arm64"));
  const second = archive("second.tar", layout("amd64"), layout("arm64"));
  expect(first.digest).toBe(second.digest);
  expect(sha256(readFileSync(first.file))).toBe(sha256(readFileSync(second.file)));
  expect(archive("third.tar", layout("amd64")).digest).not.toBe(first.digest);
});

test("a Docker without containerd finds the image of this machine's kind", () => {
  const own = process.arch === "x64" ? "amd64" : process.arch;
  const { file } = archive("docker.tar", layout("riscv64"), layout(own));
  const [{ Config, RepoTags, Layers }] = JSON.parse(member(file, "manifest.json"));
  expect(RepoTags).toEqual(["localhost/thing:1.2.3"]);
  expect(JSON.parse(member(file, Config))).toEqual({ architecture: own });
  expect(Layers.map((one: string) => member(file, one))).toEqual([`layer of ${own}`]);
});

test("there is nothing to read where there is no archive", () => {
  expect(readArchive(join(work, "none.tar"))).toBeUndefined();
});
