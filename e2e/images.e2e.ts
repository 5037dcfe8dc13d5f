import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readArchive } from "../manifests/images/archive.ts";
import { annotationsOf, type Image, images } from "../manifests/images/images.ts";
import { type Architecture, targetOf } from "../manifests/images/root.ts";
import { fakeAgent } from "../probe/testing/agent.ts";
import { runnerOf } from "../probe/native/make/targets.ts";
import { toolchainOrReason } from "../probe/testing/native.ts";
import { version, versionHeader } from "../wire/version.ts";
import { eventually } from "./lib/wait.ts";

/** The images of all kinds of machines, as `just images` builds them, and what is in them run, by emulators where need be. */
const root = resolve(import.meta.dir, "..");
const missing = !Bun.which("buildah")
  ? "no buildah"
  : toolchainOrReason() === undefined
    ? "no toolchain"
    : undefined;
if (missing) console.log(`skipped: images: ${missing}`);

interface Descriptor {
  digest: string;
  size: number;
}
interface Config {
  architecture: string;
  variant?: string;
  os: string;
  config: {
    User: string;
    Entrypoint: string[];
    Env?: string[];
    WorkingDir?: string;
    Labels: Record<string, string>;
  };
}

describe.skipIf(missing !== undefined)("images", () => {
  let work: string;
  const fileOf = (image: Image) => join(root, "dist/images", `${image.name}.tar`);
  function build(): void {
    const built = Bun.spawnSync([process.execPath, join(root, "manifests/images/main.ts")]);
    if (!built.success) throw new Error(built.stderr.toString());
  }
  const member = (file: string, { digest }: Descriptor) =>
    Bun.spawnSync(["tar", "-xOf", file, `blobs/${digest.replace(":", "/")}`]).stdout;
  /** Image, manifest, configuration and the folder of its one layer, for each kind of machine. */
  const all: { image: Image; architecture: Architecture; config: Config; layer: Buffer; folder: string }[] =
    [];

  beforeAll(() => {
    build();
    work = mkdtempSync(join(tmpdir(), "atlhyper-images-"));
    for (const image of images)
      for (const one of readArchive(fileOf(image))!.index.manifests) {
        const manifest = JSON.parse(member(fileOf(image), one).toString());
        expect(manifest.annotations).toMatchObject(annotationsOf(image));
        const config: Config = JSON.parse(member(fileOf(image), manifest.config).toString());
        expect([config.architecture, config.variant]).toEqual([
          one.platform!.architecture,
          one.platform!.variant,
        ]);
        const layer = manifest.layers.map((each: Descriptor) => member(fileOf(image), each));
        const folder = join(work, `${image.name}-${config.architecture}`);
        mkdirSync(folder);
        for (const each of layer)
          expect(Bun.spawnSync(["tar", "-xz", "-C", folder], { stdin: each }).success).toBe(true);
        all.push({
          image,
          architecture: config.architecture as Architecture,
          config,
          layer: Buffer.concat(layer),
          folder,
        });
      }
  }, 300_000);
  afterAll(() => work && rmSync(work, { recursive: true, force: true }));

  test("each service has one image, for every kind of machine that it runs on", () => {
    const kinds = (name: string) =>
      all.filter(({ image }) => image.name === name).map(({ architecture }) => architecture);
    expect(kinds("atlhyper")).toEqual(["amd64", "arm64"]);
    expect(kinds("atlhyper-probe")).toEqual(["amd64", "arm64", "arm", "riscv64"]);
  });

  test("each says what it is and how it is run, by nobody who is root", () => {
    for (const { image, config } of all) {
      expect(config.os).toBe("linux");
      expect(config.config).toMatchObject({
        User: image.user,
        Entrypoint: [image.entrypoint],
        Labels: annotationsOf(image),
      });
      expect(config.config.User).toMatch(/^[1-9]\d+:[1-9]\d+$/);
    }
  });

  test("nothing is in them but what they need; of the product's, the data's folder belongs to who runs it", () => {
    for (const { image, layer } of all) {
      const said = Bun.spawnSync(["tar", "-tzv", "--numeric-owner"], { stdin: layer }).stdout.toString();
      const lines = said.trim().split("\n");
      const named = (path: string) => lines.find((line) => line.endsWith(` ${path}`));
      if (image.name === "atlhyper-probe") {
        expect(lines).toHaveLength(1);
        expect(named("atlhyper-probe")).toMatch(/^-rwxr-xr-x 0\/0 /);
        continue;
      }
      expect(lines.length).toBeLessThan(25);
      expect(named("usr/bin/atlhyper")).toMatch(/^-rwxr-xr-x 0\/0 /);
      expect(named("data/")).toMatch(/^drwxr-xr-x 65532\/65532 /);
      expect(named("tmp/")).toMatch(/^drwxrwxrwt 0\/0 /);
      const foreign = lines.filter((line) => !/ 0\/0 /.test(line));
      expect(foreign).toHaveLength(1);
    }
  });

  test("each has its bill of materials", async () => {
    for (const { image, architecture, folder } of all) {
      const bill = await Bun.file(join(root, "dist/images", `${image.name}-${architecture}.cdx.json`)).json();
      expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
      const names = (bill.components as { name: string }[]).map(({ name }) => name);
      expect(names.some((name) => /^libc6/.test(name))).toBe(true);
      expect(names).toContain(image.name === "atlhyper" ? "elysia" : "libquickjs");
      if (image.name === "atlhyper")
        expect(await Bun.file(join(folder, "usr/share/sbom/atlhyper.cdx.json")).json()).toEqual(bill);
    }
  });

  test("built again, they are the same", () => {
    const before = images.map((image) => readArchive(fileOf(image))!.digest);
    const bytes = images.map((image) => Bun.hash(readFileSync(fileOf(image))));
    build();
    expect(images.map((image) => readArchive(fileOf(image))!.digest)).toEqual(before);
    expect(images.map((image) => Bun.hash(readFileSync(fileOf(image))))).toEqual(bytes);
  }, 300_000);

  /** The words that run a program out of an image's folder, an emulated one with its libraries; undefined where nothing can. */
  function wordsOf(architecture: Architecture, folder: string, program: string): string[] | undefined {
    const runner = runnerOf(targetOf(architecture));
    if (!runner) console.log(`skipped: running images of ${architecture}: no emulator (qemu-user-static)`);
    return runner && [...runner, ...(runner.length > 0 ? ["-L", folder] : []), join(folder, program)];
  }
  function freePort(): number {
    using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    return server.port!;
  }
  const environmentOf = (given: Record<string, string>) => ({ PATH: process.env.PATH ?? "", ...given });

  test("master of every kind of machine starts with what the image has, answers, and stops", async () => {
    for (const { image, architecture, folder } of all) {
      const words = wordsOf(architecture, folder, image.entrypoint);
      if (image.name !== "atlhyper" || !words) continue;
      const said = Bun.spawnSync([...words, "--version"], { env: environmentOf({}) });
      expect([architecture, said.stdout.toString().trim()]).toEqual([architecture, version]);
      const port = freePort();
      const child = Bun.spawn([...words, "master"], {
        env: environmentOf({
          ATLHYPER_HOST: "127.0.0.1",
          ATLHYPER_PORT: String(port),
          ATLHYPER_DATA: join(folder, "data"),
        }),
        stdout: "pipe",
        stderr: "ignore",
      });
      try {
        await eventually(
          `the master of ${architecture} is ready`,
          async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true,
          60_000,
        );
        const page = await fetch(`http://127.0.0.1:${port}/sign-in`);
        expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("AtlHyper")]);
      } finally {
        child.kill();
      }
      expect(await child.exited).toBe(0);
    }
  }, 180_000);

  test("the probe of every kind of machine posts what it measures", async () => {
    for (const { image, architecture, folder } of all) {
      const words = wordsOf(architecture, folder, image.entrypoint);
      if (image.name !== "atlhyper-probe" || !words) continue;
      await using agent = fakeAgent();
      const child = Bun.spawn(words, {
        env: environmentOf({
          ATLHYPER_AGENT_URL: `http://127.0.0.1:${agent.address.port}`,
          ATLHYPER_NODE_NAME: architecture,
          ATLHYPER_PUSH_INTERVAL: "1s",
        }),
        stdout: "ignore",
        stderr: "ignore",
      });
      try {
        await agent.arrived(2);
      } finally {
        child.kill();
      }
      const { snapshot, headers } = agent.arrivals[1]!;
      expect(headers.get(versionHeader)).toBe(version);
      expect(snapshot.nodeName).toBe(architecture);
    }
  }, 120_000);
});
