import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildProgram } from "../../probe/native/make/build.ts";
import { type Target, targets } from "../../probe/native/make/targets.ts";
import { run } from "../../probe/native/make/toolchain.ts";
import { compile } from "./compile.ts";
import { debianComponents, npmComponents, sbom } from "./sbom.ts";

const project = resolve(import.meta.dir, "../..");

/** Machines for which there are images; Bun runs on no others. */
export const architectures = ["amd64", "arm64"] as const;
export type Architecture = (typeof architectures)[number];

const bunOf: Record<Architecture, { target: string; package: string; loader: string }> = {
  amd64: { target: "bun-linux-x64", package: "@oven/bun-linux-x64", loader: "lib64/ld-linux-x86-64.so.2" },
  arm64: {
    target: "bun-linux-arm64",
    package: "@oven/bun-linux-aarch64",
    loader: "lib/ld-linux-aarch64.so.1",
  },
};
/** Of the C library, what Bun is linked with; names are looked up by libc itself. */
const libraries = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

const targetOf = (architecture: Architecture): Target => targets.find((one) => one.debian === architecture)!;

/** Everything that is in the image of master and agent, as files below a folder; gives its bill of materials. */
export async function productRoot(
  folder: string,
  architecture: Architecture,
  toolchain: string,
): Promise<string> {
  const bun = bunOf[architecture];
  const put = (path: string) => {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    return to;
  };
  await compile(put("usr/bin/atlhyper"), bun.target, runtime(bun.package, dirname(folder)));
  const target = targetOf(architecture);
  const own = join(toolchain, "usr/lib", target.triplet);
  // Of another machine's kind the libraries stand where its cross compiler looks for them.
  const from = existsSync(join(own, "libc.so.6")) ? own : join(toolchain, "usr", target.triplet, "lib");
  for (const name of libraries) copyFileSync(join(from, name), put(`lib/${target.triplet}/${name}`));
  const loader = bun.loader.slice(bun.loader.lastIndexOf("/") + 1);
  copyFileSync(join(from, loader), put(bun.loader));
  writeFileSync(put("etc/passwd"), "root:x:0:0:root:/:\natlhyper:x:65532:65532:atlhyper:/data:\n");
  writeFileSync(put("etc/group"), "root:x:0:\natlhyper:x:65532:\n");
  // Where nothing is mounted the data folder belongs to who runs.
  mkdirSync(join(folder, "data"), { recursive: true });
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const packages = readFileSync(join(toolchain, "packages.txt"), "utf8").split("\n");
  const bunVersion = (await Bun.file(join(project, "node_modules/bun/package.json")).json())
    .version as string;
  const text = sbom("atlhyper", [
    { type: "framework", name: "bun", version: bunVersion, purl: `pkg:npm/bun@${bunVersion}` },
    ...debianComponents(packages, [from === own ? /^libc6$/ : new RegExp(`^libc6-${architecture}-cross$`)]),
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
  await buildProgram({ toolchain, target: targetOf(architecture), to: join(folder, "atlhyper-probe") });
  const packages = readFileSync(join(toolchain, "packages.txt"), "utf8").split("\n");
  const named = [/^libquickjs$/, /^zlib1g-dev$/, /^libc6-dev(-.+-cross)?$/];
  const linked = debianComponents(packages, named).filter(
    (one) => one.purl?.endsWith(`arch=${architecture}`) || one.name.includes(architecture),
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
