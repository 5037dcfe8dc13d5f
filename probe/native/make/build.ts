import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { BunPlugin } from "bun";
import { version } from "../../../wire/version.ts";
import type { Target } from "./targets.ts";
import { inToolchain } from "./toolchain.ts";

const native = resolve(import.meta.dir, "..");

export interface Build {
  toolchain: string;
  target: Target;
  /** The program that comes out. */
  to: string;
  /** The TypeScript that it runs: the probe, unless a test has something else in mind. Or C, which is all then. */
  entry?: string;
  /** With the address and the undefined behaviour sanitizer; runs only where the toolchain is. */
  sanitized?: boolean;
  /** As on a kernel that has no openat2(2). */
  oldKernel?: boolean;
}

const warnings = "-Wall -Wextra -Werror -Wpedantic -Wconversion -Wshadow -Wvla -Wstrict-prototypes".split(
  " ",
);
const language = "-std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64".split(" ");
const released = (
  "-O2 -g0 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections -static " +
  "-Wl,--gc-sections,--strip-all,--build-id=none,-z,noexecstack,-z,relro"
).split(" ");
const sanitizing =
  "-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all".split(" ");

/** Builds one program: TypeScript → one script → bytecode → C → linked with the C part, QuickJS and zlib. */
export async function buildProgram({
  toolchain,
  target,
  to,
  entry = join(native, "main.ts"),
  sanitized = false,
  oldKernel = false,
}: Build): Promise<void> {
  const work = mkdtempSync(join(toolchain, "build-"));
  try {
    const inside = (name: string) => `/${basename(work)}/${name}`;
    const sources = readdirSync(native).filter((name) => /\.[ch]$/.test(name));
    for (const name of sources) copyFileSync(join(native, name), join(work, name));
    const parts = sources.filter((name) => name.endsWith(".c")).sort();
    if (entry.endsWith(".c")) {
      mkdirSync(join(work, "testing"));
      parts.splice(0, Number.POSITIVE_INFINITY, `testing/${basename(entry)}`);
      copyFileSync(entry, join(work, parts[0]!));
    } else {
      await Bun.write(join(work, "probe.js"), await bundle(entry));
      const [from, code] = [inside("probe.js"), inside("bytecode.c")];
      inToolchain(toolchain, ["qjsc", "-c", "-s", "-N", "probe_bytecode", "-o", code, from]);
      parts.push("bytecode.c");
    }
    const libraries = `/usr/lib/${target.triplet}`;
    inToolchain(toolchain, [
      `${target.triplet}-gcc`,
      ...language,
      ...warnings,
      ...(sanitized ? [...sanitizing, ...withLibrariesOf(toolchain, target)] : released),
      ...(oldKernel ? ["-DWITHOUT_OPENAT2"] : []),
      ...(target.link ?? []),
      ...["-o", inside("program")],
      ...parts.map(inside),
      `${libraries}/quickjs/libquickjs.a`,
      `${libraries}/libz.a`,
      "-lm",
    ]);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(work, "program"), to);
    chmodSync(to, 0o755);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A sanitized program is not static, and this machine's C library may be older than the toolchain's. */
function withLibrariesOf(toolchain: string, { triplet }: Target): string[] {
  const loader = triplet.startsWith("x86_64") ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
  const folder = `${toolchain}/usr/lib/${triplet}`;
  return ["-static-libasan", `-Wl,--dynamic-linker=${folder}/${loader},-rpath,${folder}`];
}

/** Of package.json no more than the version is wanted, which is known. */
const versionAlone: BunPlugin = {
  name: "version alone",
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, () => ({
      contents: JSON.stringify({ version }),
      loader: "json",
    }));
  },
};

async function bundle(entry: string): Promise<string> {
  const built = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    format: "iife",
    minify: true,
    plugins: [versionAlone],
  });
  return built.outputs[0]!.text();
}
