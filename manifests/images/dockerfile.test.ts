import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { targets } from "../../probe/native/make/targets.ts";
import { annotationsOf, type Image, images } from "./images.ts";

/** The Dockerfiles say of an image what the recipe says. */
const root = resolve(import.meta.dir, "../..");
const file = (image: Image) => `${image.name.replace("atlhyper-", "")}.Dockerfile`;

/** The instructions of a file by stage, the words of each as one line. */
function stagesOf(image: Image): { from: string; lines: string[] }[] {
  const text = readFileSync(join(import.meta.dir, file(image)), "utf8");
  const lines = text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "");
  const stages: { from: string; lines: string[] }[] = [];
  for (const line of lines)
    if (line.startsWith("FROM ")) stages.push({ from: line, lines: [] });
    else stages.at(-1)!.lines.push(line);
  return stages;
}

for (const image of images) {
  test(`${file(image)} says of its image what the recipe does`, () => {
    const [stage, ...others] = stagesOf(image).filter(({ lines }) => lines.some((one) => /^LABEL/.test(one)));
    expect(others).toEqual([]);
    expect(stage!.from).toStartWith("FROM scratch AS ");
    const said = (word: string) =>
      stage!.lines.filter((one) => one.startsWith(`${word} `)).map((one) => one.slice(word.length + 1));
    const labels = [...said("LABEL")[0]!.matchAll(/(\S+?)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
    expect(Object.fromEntries(labels)).toEqual(annotationsOf(image));
    expect(said("USER")).toEqual([image.user]);
    expect(said("ENTRYPOINT").map((one) => JSON.parse(one))).toEqual([[image.entrypoint]]);
    expect(said("ENV")).toEqual(
      Object.entries(image.environment ?? {}).map(([key, value]) => `${key}=${value}`),
    );
    expect(said("WORKDIR")).toEqual(image.data ? [image.data] : []);
    if (image.data)
      expect(said("COPY")).toContain(`--from=build --chown=${image.user} ${image.data} ${image.data}`);
  });

  test(`${file(image)} runs what is there, with the runtime that the lock file names`, () => {
    const [build] = stagesOf(image);
    const { version } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages[
      "node_modules/bun"
    ];
    expect(build!.from).toContain(`oven/bun:${version}-debian `);
    const scripts = build!.lines.join("\n").match(/bun [\w/]+\.ts/g) ?? [];
    expect(scripts).toHaveLength(1);
    for (const script of scripts) expect(existsSync(join(root, script.slice("bun ".length)))).toBe(true);
  });
}

test("the probe's Dockerfile has a binary for each kind of machine, as Docker calls it", () => {
  const probe = images.find(({ name }) => name === "atlhyper-probe")!;
  const stages = stagesOf(probe);
  const copied = stages[0]!.lines.join("\n").match(/\/out\/atlhyper-probe-\S+/g) ?? [];
  const there = [...targets.map(({ name }) => `/out/atlhyper-probe-${name}`), ...copied];
  for (const one of probe.architectures) expect(there).toContain(`/out/atlhyper-probe-linux-${one}`);
  const taken = stages.at(-1)!.lines.find((one) => one.startsWith("COPY "));
  expect(taken).toMatch(/^COPY --from=build \/out\/atlhyper-probe-linux-\$\{TARGETARCH\} \/atlhyper-probe$/);
});

test("what is built or private does not go into the build", () => {
  const ignored = readFileSync(join(root, ".dockerignore"), "utf8").split("\n");
  for (const one of ["node_modules", "data", "dist", ".git"]) expect(ignored).toContain(one);
});
