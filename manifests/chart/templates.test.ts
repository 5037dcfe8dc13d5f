import { expect, test } from "bun:test";
import { Glob } from "bun";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Manifest, nameOf, parseObjects } from "./objects.ts";
import { template, templatesOf } from "./templates.ts";

const base = resolve(import.meta.dir, "../base");
const service: Manifest = {
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: "atlhyper-agent",
    namespace: "atlhyper",
    labels: { "app.kubernetes.io/name": "atlhyper-agent", "app.kubernetes.io/component": "agent" },
  },
  spec: { ports: [{ port: 8082 }] },
};

test("an object that nothing is said of is an error, and so is one that is gone", () => {
  const other = { ...service, metadata: { ...service.metadata, name: "new" } };
  expect(() => templatesOf([other])).toThrow("the chart does not know Service/new");
  expect(() => templatesOf([service])).toThrow(/the manifests have no .*StatefulSet\/atlhyper-master/);
});

test("a release's name and namespace are texts, whatever they look like", () => {
  const text = template(service);
  expect(text).toContain("namespace: {{ .Release.Namespace | quote }}");
  expect(text).toContain("app.kubernetes.io/instance: {{ .Release.Name | quote }}");
});

test("a namespace that the chart does not know is an error", () => {
  const elsewhere = { ...service, metadata: { ...service.metadata, namespace: "elsewhere" } };
  expect(() => template(elsewhere)).toThrow("the chart does not know the namespace elsewhere");
});

test("every workload of the manifests can be written, with an image, resources and places of its own", () => {
  const workloads = [...new Glob("**/*.yaml").scanSync(base)]
    .flatMap((file) => parseObjects(readFileSync(resolve(base, file), "utf8")))
    .filter(({ kind, spec }) => /^(StatefulSet|DaemonSet)$/.test(kind) && spec.selector);
  expect(workloads.map(nameOf).sort()).toEqual(["DaemonSet/atlhyper-probe", "StatefulSet/atlhyper-master"]);
  for (const one of workloads) {
    const text = template(one);
    for (const part of [
      "atlhyper.image",
      ".resources | nindent",
      ".nodeSelector",
      ".tolerations",
      ".extraEnv",
    ])
      expect(text, nameOf(one)).toContain(part);
    expect(text).not.toMatch(/HOLE\d/);
  }
});
