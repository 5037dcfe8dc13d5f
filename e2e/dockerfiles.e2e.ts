import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { annotationsOf, type Image, images } from "../manifests/images/images.ts";
import { ownTarget } from "../probe/native/make/targets.ts";
import { mirror, release, run } from "../probe/native/make/toolchain.ts";
import { toolchainOrReason } from "../probe/testing/native.ts";

/**
 * The Dockerfiles, built by buildah: the base image that they name is made here, of Debian's packages and this Bun. What
 * comes out is what the recipe makes.
 */
const root = resolve(import.meta.dir, "..");
function reason(): string | undefined {
  if (process.getuid?.() !== 0) return "debootstrap needs root";
  const lacking = ["buildah", "debootstrap"].find((tool) => !Bun.which(tool));
  if (lacking) return `no ${lacking}`;
  return toolchainOrReason() === undefined ? "no toolchain" : undefined;
}
const missing = reason();
if (missing) console.log(`skipped: Dockerfiles: ${missing}`);

interface Inspected {
  OCIv1: {
    config: {
      User: string;
      Entrypoint: string[];
      Cmd?: string[];
      Env?: string[];
      WorkingDir?: string;
      Labels: Record<string, string>;
    };
  };
}

describe.skipIf(missing !== undefined)("Dockerfiles", () => {
  let work: string;
  const buildah = (...words: string[]) =>
    run([
      ...["buildah", "--storage-driver", "vfs", "--root", join(work, "storage")],
      ...["--runroot", join(work, "run"), ...words],
    ]).trim();
  const authorities = "/etc/ssl/certs/ca-certificates.crt";

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), "atlhyper-dockerfiles-"));
    run(["bun", join(root, "manifests/images/main.ts"), ownTarget()!.debian]);
    const debian = join(work, "debian");
    run(["debootstrap", "--variant=minbase", release, debian, mirror()]);
    copyFileSync(process.execPath, join(debian, "usr/local/bin/bun"));
    // This machine may reach registries by a proxy whose authority only it knows.
    if (existsSync(authorities)) {
      mkdirSync(join(debian, "etc/ssl/certs"), { recursive: true });
      copyFileSync(authorities, join(debian, authorities));
    }
    const container = buildah("from", "scratch");
    buildah("add", "--quiet", container, debian, "/");
    buildah(
      ...["config", "--env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      ...["--env", `NODE_EXTRA_CA_CERTS=${authorities}`, container],
    );
    buildah("commit", "--quiet", "--rm", container, `docker.io/oven/bun:${Bun.version}-debian`);
    rmSync(debian, { recursive: true });
  }, 300_000);
  afterAll(() => work && rmSync(work, { recursive: true, force: true }));

  function build(image: Image, ...words: string[]): string {
    const file = join(root, "manifests/images", `${image.name.replace("atlhyper-", "")}.Dockerfile`);
    const options = ["--isolation", "chroot", "--pull=never", "--quiet", "-f", file];
    return buildah("build", ...options, ...words, root)
      .split("\n")
      .at(-1)!;
  }

  /** All that is in a folder, with what can be told of each. */
  function contentOf(folder: string): Record<string, unknown> {
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return Object.fromEntries(
      found.map((path) => {
        const { mode, uid, gid, size } = lstatSync(join(folder, path));
        const isFile = (mode & 0o170000) === 0o100000;
        const hash = isFile ? run(["sha256sum", join(folder, path)]).split(" ")[0] : undefined;
        return [path, { mode: mode.toString(8), uid, gid, ...(isFile ? { size, hash } : {}) }];
      }),
    );
  }

  /** What is in an image, by its id or the recipe's archive of it. */
  function inside(image: string): Record<string, unknown> {
    const container = buildah("from", "--pull-never", image);
    return contentOf(buildah("mount", container));
  }
  const recipes = (image: Image) =>
    inside(buildah("pull", "--quiet", `oci-archive:${join(root, "dist/images", image.name)}.tar`));

  const [product, probe] = images as [Image, Image];

  test("master and agent: what the recipe makes, byte for byte, each with its command", () => {
    for (const command of ["master", "agent"]) {
      const id = build(product, "--target", command);
      const { config } = (JSON.parse(buildah("inspect", "--type", "image", id)) as Inspected).OCIv1;
      expect(config).toMatchObject({
        User: product.user,
        Entrypoint: [product.entrypoint],
        Cmd: [command],
        WorkingDir: product.data,
        Labels: annotationsOf(product),
      });
      expect(config.Env).toContain(`ATLHYPER_DATA=${product.data}`);
      expect(inside(id)).toEqual(recipes(product));
    }
  }, 300_000);

  test("the probe: what the recipe makes, byte for byte", () => {
    const id = build(probe);
    const { config } = (JSON.parse(buildah("inspect", "--type", "image", id)) as Inspected).OCIv1;
    expect(config).toMatchObject({
      User: probe.user,
      Entrypoint: [probe.entrypoint],
      Labels: annotationsOf(probe),
    });
    const content = inside(id);
    expect(Object.keys(content)).toEqual(["atlhyper-probe"]);
    expect(content).toEqual(recipes(probe));
  }, 300_000);
});
