import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../wire/version.ts";

const files = readdirSync(import.meta.dir, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".yaml"),
);

test("manifests name the version that this is", () => {
  const named: string[] = [];
  for (const file of files)
    for (const [, found] of readFileSync(join(import.meta.dir, file), "utf8").matchAll(
      /(?:app\.kubernetes\.io\/version: |newTag: |image: localhost\/[\w-]+:)(\S+)/g,
    )) {
      expect(found, file).toBe(version);
      named.push(file);
    }
  expect(named.length).toBeGreaterThanOrEqual(8);
});

test("every overlay builds on what is there", () => {
  for (const file of files.filter((name) => name.endsWith("kustomization.yaml"))) {
    const { resources } = Bun.YAML.parse(readFileSync(join(import.meta.dir, file), "utf8")) as {
      resources: string[];
    };
    for (const one of resources) {
      const path = join(file, "..", one);
      const target = path.endsWith(".yaml") ? path : join(path, "kustomization.yaml");
      expect(files, `${file}: ${one}`).toContain(target);
    }
  }
});
