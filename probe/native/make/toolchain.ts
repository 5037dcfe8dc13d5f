import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ownTarget, type Target, targets } from "./targets.ts";

/**
 * The compilers and libraries of one release of Debian, in a folder of their own: the same ones whatever the
 * machine has, and so the same bytes come out. Taken by apt from where the machine's apt takes its packages,
 * with its signatures checked, and only unpacked: nothing of it is installed.
 */
export const release = "trixie";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const layout = "1";

/** What is missing, in words for people. */
export class Missing extends Error {}

const otherwise =
  "On other systems: docker build -f manifests/images/probe.Dockerfile --target binaries -o dist .";

function toolchainFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return resolve(process.env.ATLHYPER_TOOLCHAIN || join(cache, "atlhyper", `toolchain-${release}-${layout}`));
}

/** The toolchain's folder where it has been made; throws `Missing` otherwise. */
export function findToolchain(): string {
  const folder = toolchainFolder();
  if (!ownTarget()) throw new Missing(`The probe is built on Linux, amd64 or arm64. ${otherwise}`);
  if (!existsSync(join(folder, "packages.txt")))
    throw new Missing(`There is no toolchain in ${folder}: \`just probe\` makes it.`);
  return folder;
}

/** Makes the toolchain unless it is there; some 200 MB are loaded for it. Throws `Missing` where that cannot be. */
export function makeToolchain(say: (line: string) => void): string {
  const folder = toolchainFolder();
  const own = ownTarget();
  if (!own) return findToolchain();
  if (existsSync(join(folder, "packages.txt"))) return folder;
  for (const tool of ["apt-get", "dpkg-deb"])
    if (!Bun.which(tool))
      throw new Missing(`The toolchain is made of Debian's packages, and there is no ${tool}. ${otherwise}`);
  if (!existsSync(keyring))
    throw new Missing(
      `The toolchain is made of Debian's packages, and ${keyring} is not there. ${otherwise}`,
    );

  const started = performance.now();
  say(`Making the toolchain in ${folder}: Debian ${release}'s compilers and QuickJS`);
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  try {
    const packages = load(join(work, "apt"), own);
    const root = join(work, "root");
    for (const name of ["bin", "lib", "lib64", "sbin"]) {
      mkdirSync(join(root, "usr", name), { recursive: true });
      symlinkSync(`usr/${name}`, join(root, name));
    }
    mkdirSync(join(root, "tmp"));
    for (const file of packages) run(["dpkg-deb", "-x", file, root]);
    writeFileSync(
      join(root, "packages.txt"),
      packages.map((file) => `${file.slice(file.lastIndexOf("/") + 1)}\n`).join(""),
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`Made in ${Math.round((performance.now() - started) / 1000)} s`);
  return folder;
}

/** Loads all packages into a folder, by an apt with a configuration and a state of its own; gives their files. */
function load(folder: string, own: Target): string[] {
  for (const name of ["lists/partial", "archives/partial"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "status"), "");
  writeFileSync(join(folder, "sources.list"), `deb [signed-by=${keyring}] ${mirror()} ${release} main\n`);
  const configuration = {
    "Dir::State": folder,
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": folder,
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "APT::Architecture": own.debian,
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
  };
  const all = targets.map((one) => `"${one.debian}";`).join(" ");
  const lines = Object.entries(configuration).map(([key, value]) => `${key} "${value}";`);
  const file = join(folder, "apt.conf");
  writeFileSync(file, `${[...lines, `APT::Architectures { ${all} };`].join("\n")}\n`);

  const apt = (words: string[], cwd = folder) =>
    run(["apt-get", "-qq", "-y", ...words], { APT_CONFIG: file }, cwd);
  apt(["update"]);
  // With what they depend on: these run here.
  const tools = targets.flatMap((one) =>
    one === own
      ? ["gcc", "libc6-dev"]
      : [`gcc-${one.triplet.replaceAll("_", "-")}`, `libc6-dev-${one.debian}-cross`],
  );
  apt(["--download-only", "install", "quickjs", ...tools]);
  // Without: they are only linked.
  const libraries = targets.flatMap((one) => [`libquickjs:${one.debian}`, `zlib1g-dev:${one.debian}`]);
  apt(["download", ...libraries], join(folder, "archives"));
  const files = readdirSync(join(folder, "archives")).filter((name) => name.endsWith(".deb"));
  return files.sort().map((name) => join(folder, "archives", name));
}

/** Where the machine's apt takes Debian's packages from. */
export function mirror(): string {
  const format = ["--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)", "Created-By: Packages"];
  const known = () =>
    run(["apt-get", "indextargets", ...format])
      .split("\n")
      .find((one) => one.startsWith("Debian|Debian|"));
  let line = known();
  if (!line && process.getuid?.() === 0) {
    // A new machine's apt knows nothing before its first update.
    run(["apt-get", "-qq", "update"]);
    line = known();
  }
  if (!line)
    throw new Missing(`This machine's apt knows no Debian packages: \`apt-get update\` first. ${otherwise}`);
  return line.split("|")[2]!;
}

/** Runs a program of the toolchain, with the folder as its root; paths are as seen from there. */
export function inToolchain(folder: string, words: string[]): void {
  // A user who is not root may still have a root of their own.
  const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  run(["unshare", ...user, `--root=${folder}`, ...words], { TMPDIR: "/tmp", PATH: "/usr/bin" });
}

/** What a program prints; throws with what it complains of. */
export function run(words: string[], environment: Record<string, string> = {}, cwd?: string): string {
  const [program = "", ...rest] = words;
  const found = Bun.which(program) ?? program;
  const done = Bun.spawnSync([found, ...rest], {
    env: { ...process.env, LC_ALL: "C", ...environment },
    cwd,
    stdin: "ignore",
  });
  if (done.success) return done.stdout.toString();
  throw new Error(`${words.slice(0, 5).join(" ")} failed:\n${done.stderr.toString().trim().slice(-4000)}`);
}
