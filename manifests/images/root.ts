import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildProgram } from "../../probe/native/make/build.ts";
import { type Target, targets } from "../../probe/native/make/targets.ts";
import { run } from "../../probe/native/make/toolchain.ts";
import type { Platform } from "./archive.ts";
import { compile } from "./compile.ts";
import { type Component, debianComponents, npmComponents, sbom } from "./sbom.ts";

const project = resolve(import.meta.dir, "../..");

/** Kinds of machines for which there are images, as Kubernetes calls them. */
export const architectures = ["amd64", "arm64", "arm", "riscv64"] as const;
export type Architecture = (typeof architectures)[number];
/** Those on which master and agent run: Bun runs on no others. */
export const productArchitectures = ["amd64", "arm64"] as const satisfies Architecture[];
type ProductArchitecture = (typeof productArchitectures)[number];

export const platformOf = (architecture: Architecture): Platform => ({
  architecture,
  os: "linux",
  ...(architecture === "arm" ? { variant: "v7" } : {}),
});

const bunOf: Record<ProductArchitecture, { target: string; package: string; loader: string }> = {
  amd64: { target: "bun-linux-x64", package: "@oven/bun-linux-x64", loader: "lib64/ld-linux-x86-64.so.2" },
  arm64: {
    target: "bun-linux-arm64",
    package: "@oven/bun-linux-aarch64",
    loader: "lib/ld-linux-aarch64.so.1",
  },
};
/** Of the C library, what Bun is linked with; names are looked up by libc itself. */
const libraries = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

export const targetOf = (architecture: Architecture): Target =>
  targets.find((one) => one.debian === (architecture === "arm" ? "armhf" : architecture))!;

/** Where the files of an image of master and agent come from. */
export interface Source {
  /** Where Debian's libraries of C are. */
  libraries: string;
  /** The package that they are of. */
  package: Component[];
  /** The runtime, where it is not the one that runs. */
  bun?: { target: string; executable: string | undefined };
}

/** Everything that is in the image of master and agent, as files below a folder; gives its bill of materials. */
export async function productRoot(
  folder: string,
  architecture: Architecture,
  toolchain: string,
): Promise<string> {
  const { triplet } = targetOf(architecture);
  const own = join(toolchain, "usr/lib", triplet);
  const isOwn = existsSync(join(own, "libc.so.6"));
  const packages = readFileSync(join(toolchain, "packages.txt"), "utf8").split("\n");
  const { target, package: name } = bunOf[architecture as ProductArchitecture];
  return layOut(folder, architecture, {
    // Of another machine's kind the libraries stand where its cross compiler looks for them.
    libraries: isOwn ? own : join(toolchain, "usr", triplet, "lib"),
    package: debianComponents(packages, [isOwn ? /^libc6$/ : new RegExp(`^libc6-${architecture}-cross$`)]),
    bun: { target, executable: runtime(name, dirname(folder)) },
  });
}

/** The same from given places. */
export async function layOut(folder: string, architecture: Architecture, source: Source): Promise<string> {
  const put = (path: string) => {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    return to;
  };
  await compile(put("usr/bin/atlhyper"), source.bun?.target, source.bun?.executable);
  const { loader } = bunOf[architecture as ProductArchitecture];
  const copy = (name: string, to: string) => {
    copyFileSync(join(source.libraries, name), put(to));
    chmodSync(put(to), 0o755);
  };
  for (const name of libraries) copy(name, `lib/${targetOf(architecture).triplet}/${name}`);
  copy(loader.slice(loader.lastIndexOf("/") + 1), loader);
  writeFileSync(put("etc/passwd"), "root:x:0:0:root:/:\natlhyper:x:65532:65532:atlhyper:/data:\n");
  writeFileSync(put("etc/group"), "root:x:0:\natlhyper:x:65532:\n");
  mkdirSync(join(folder, "tmp"), { recursive: true });
  chmodSync(join(folder, "tmp"), 0o1777);
  const bunVersion = (await Bun.file(join(project, "node_modules/bun/package.json")).json())
    .version as string;
  const text = sbom("atlhyper", [
    { type: "framework", name: "bun", version: bunVersion, purl: `pkg:npm/bun@${bunVersion}` },
    ...source.package,
    ...npmComponents(),
  ]);
  writeFileSync(put("usr/share/sbom/atlhyper.cdx.json"), text);
  return text;
}

/** The probe's binary alone. */
export async function probeRoot(
  folder: string,
  architecture: Architecture,
  toolchain: string,
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const target = targetOf(architecture);
  await buildProgram({ toolchain, target, to: join(folder, "atlhyper-probe") });
  const packages = readFileSync(join(toolchain, "packages.txt"), "utf8").split("\n");
  const named = [/^libquickjs$/, /^zlib1g-dev$/, /^libc6-dev(-.+-cross)?$/];
  const linked = debianComponents(packages, named).filter(
    (one) => one.purl?.endsWith(`arch=${target.debian}`) || one.name.includes(`-${target.debian}-`),
  );
  return sbom("atlhyper-probe", [...linked, ...npmComponents().filter((one) => one.name === "fflate")]);
}

/** Bun for another kind of machine, from the registry that npm is set to; undefined for this one's own. */
function runtime(name: string, work: string): string | undefined {
  const installed = join(project, "node_modules", name, "bin/bun");
  if (existsSync(installed)) return installed;
  const { version } = JSON.parse(readFileSync(join(project, "node_modules/bun/package.json"), "utf8"));
  const folder = join(work, "bun");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = run(["npm", "pack", "--silent", `${name}@${version}`], {}, folder).trim();
  run(["tar", "-xzf", packed], {}, folder);
  return join(folder, "package/bin/bun");
}
