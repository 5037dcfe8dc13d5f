import { expect, test } from "bun:test";
import { permissions } from "./permissions.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const file = new URL("../manifests/base/agent/rbac.yaml", import.meta.url);
const documents = Bun.YAML.parse(await Bun.file(file).text()) as { kind: string; rules?: Rule[] }[];

test("the manifest grants exactly what the agent asks for", () => {
  const rules = documents.find((one) => one.kind === "ClusterRole")!.rules!;
  const granted = rules.flatMap((rule) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}.${group}`)),
    ),
  );
  const asked = permissions.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => `${verb} ${resource}.${group}`),
  );
  expect(granted.toSorted()).toEqual(asked.toSorted());
});

test("no Secret is read, and nothing is written", () => {
  for (const { resource, verbs } of permissions) {
    expect(resource).not.toBe("secrets");
    for (const verb of verbs) expect(["get", "list", "watch"]).toContain(verb);
  }
});
