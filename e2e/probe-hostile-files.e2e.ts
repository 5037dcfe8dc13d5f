import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bunHost } from "../probe/host/bun.ts";
import { crowdedMachine } from "../probe/testing/crowd.ts";
import { loadFixture, machines, unpack } from "../probe/testing/fixture.ts";
import { mangled, seeded } from "../probe/testing/mangle.ts";
import { type Kind, looksOf, rootsOf, toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { type Trial, tryHost } from "../probe/testing/trial.ts";
import { ownTarget } from "../probe/native/make/targets.ts";

/** Files that mean harm, read by a build with the address and undefined behaviour sanitizers. */
const toolchain = toolchainOrReason();
const shop = toolchain === undefined ? undefined : workshop(toolchain);
afterAll(() => shop?.[Symbol.dispose](), 60_000);
const kinds: Kind[] = ["sanitized", "for old kernels"];

beforeAll(async () => {
  for (const kind of kinds) await shop?.ask({ roots: [] }, ownTarget()!, kind);
}, 240_000);

async function expectSame(trial: Trial, kind: Kind): Promise<void> {
  const expected = await tryHost(bunHost(), trial);
  expect(await shop!.ask(trial, ownTarget()!, kind)).toBe(expected);
}

test.skipIf(!shop).each(machines)(
  "files of %s that are broken in any way mean the same on Bun",
  async (machine) => {
    const fixture = loadFixture(machine);
    for (let seed = 1; seed <= 12; seed++) {
      const random = seeded(seed);
      const broken = (files: Map<string, string>) =>
        new Map([...files].map(([path, text]) => [path, random() < 0.5 ? mangled(random, text) : text]));
      const looks = looksOf(
        { ...fixture, files: broken(fixture.files), later: broken(fixture.later) },
        shop!.folder,
      );
      await expectSame({ roots: rootsOf(looks), looks }, "sanitized");
    }
  },
  240_000,
);

test.skipIf(!shop)(
  "bytes that are not UTF-8, in files, names and links, are the same text on Bun",
  async () => {
    const folder = join(shop!.folder, "bytes");
    mkdirSync(folder);
    const random = seeded(1);
    const lead = [
      0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x9f,
      0xa0,
    ];
    const noise = (length: number, least = 0) =>
      Buffer.from(Array.from({ length }, () => Math.max(least, lead[Math.floor(random() * lead.length)]!)));
    const paths: string[] = [];
    for (let count = 0; count < 400; count++) {
      const path = join(folder, `file${count}`);
      writeFileSync(path, noise(1 + Math.floor(random() * 40)));
      paths.push(path);
      writeFileSync(
        Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(`n${count}`), noise(20, 0x30)]),
        "",
      );
    }
    const links = join(folder, "links");
    mkdirSync(links);
    for (let count = 0; count < 50; count++) symlinkSync(noise(20, 0x30), join(links, `${count}`));
    const readLink = Array.from({ length: 50 }, (_, count) => join(links, `${count}`));
    writeFileSync(join(folder, "large"), noise(300_000));
    const trial = {
      roots: [folder],
      readText: [...paths, join(folder, "large")],
      list: [folder, links],
      readLink,
    };
    await expectSame(trial, "sanitized");
  },
);

test.skipIf(!shop)("a file is read to its end and no further than 4 MiB, as on Bun", async () => {
  const folder = join(shop!.folder, "sizes");
  mkdirSync(folder);
  const readText = [0, 1, 65_535, 65_536, 65_537, 1_000_000, 4 * 2 ** 20, 5_000_000].map((size) => {
    writeFileSync(join(folder, `${size}`), "é".repeat(size / 2).padEnd(size, "x"));
    return join(folder, `${size}`);
  });
  await expectSame({ roots: [folder], readText }, "sanitized");
});

test.skipIf(!shop).each(kinds)("no link leads out of a root (%s)", async (kind) => {
  const folder = join(shop!.folder, `links-${kind.replaceAll(" ", "-")}`);
  const root = join(folder, "root");
  mkdirSync(join(root, "a/b"), { recursive: true });
  mkdirSync(join(folder, "out"));
  writeFileSync(join(folder, "secret"), "secret");
  writeFileSync(join(folder, "out/secret"), "secret");
  writeFileSync(join(root, "plain"), "plain");
  const put = (name: string, target: string) => symlinkSync(target, join(root, name));
  put("absolute", join(folder, "secret"));
  put("up", "../secret");
  put("a/far-up", "../../../../../../../../../../../../secret");
  put("out", "../out");
  put("loop", "loop");
  put("a/ping", "pong");
  put("a/pong", "../a/ping");
  put("a/b/fine", "../../plain");
  put("a/b/rooted", "/plain");
  put("a/back", "b/../b/../../a/b/fine");
  put("to-a", "a");
  put("nothing", "nowhere");
  Bun.spawnSync(["mkfifo", join(root, "pipe")]);
  put("zero", "/dev/zero");
  for (let count = 0; count < 60; count++) put(`chain${count}`, count === 59 ? "plain" : `chain${count + 1}`);
  const names =
    "absolute up a/far-up out/secret loop a/ping nothing pipe zero chain0 plain/x .. ../secret a/../../secret";
  const inside =
    "plain a/b/fine a/b/rooted a/back to-a/b/fine chain30 a/../plain ./plain a//b/./fine ../../plain";
  const at = (list: string) => list.split(" ").map((name) => `${root}/${name}`);
  const answers = JSON.parse(
    await shop!.ask(
      {
        roots: [root],
        readText: [...at(names), ...at(inside), `${root}x/plain`, `${root}/${"x/".repeat(3000)}`],
        list: at("out up to-a/b ../out a/b/../../.."),
        readLink: at("up plain to-a to-a/back"),
        statfs: at("up nothing out"),
      },
      ownTarget()!,
      kind,
    ),
  );
  expect(answers.readText.slice(0, names.split(" ").length)).toEqual(names.split(" ").map(() => null));
  expect(answers.readText.slice(names.split(" ").length, -2)).toEqual(inside.split(" ").map(() => "plain"));
  expect(answers.readText.slice(-2)).toEqual([null, null]);
  const above = JSON.parse(await tryHost(bunHost(), { roots: [], list: [root] })).list[0];
  expect(answers.list).toEqual([null, null, ["fine", "rooted"], null, above]);
  expect(answers.readLink).toEqual(["../secret", null, "a", "b/../b/../../a/b/fine"]);
  expect(answers.statfs).toEqual([null, null, null]);
});

test.skipIf(!shop)(
  "a machine of 10,000 processes is measured in bounded time and memory",
  async () => {
    const folder = join(shop!.folder, "crowd");
    const crowd = crowdedMachine();
    unpack(crowd, folder);
    const looks = { now: folder, later: folder, sizes: Object.fromEntries(crowd.sizes) };
    const trial = { roots: [`${folder}/proc`, `${folder}/sys`], looks };
    const [answers, used] = await shop!.measure(trial, ownTarget()!);
    expect(answers).toBe(await tryHost(bunHost(), trial));
    expect(JSON.parse(answers).snapshot.system.processes).toBeGreaterThan(10_000);
    // Two whole looks at it, each of which reads 10,000 files and more.
    expect(used.cpuSeconds).toBeLessThan(6);
    expect(used.peakMB).toBeLessThan(12);
  },
  240_000,
);
