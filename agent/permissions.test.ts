import { expect, test } from "bun:test";
import {
  certificatePermissions,
  execPermissions,
  operatorPermissions,
  type Permission,
  permissions,
  resourcePermissions,
} from "./permissions.ts";

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** `verb resource.group` of everything that a manifest's ClusterRole grants. */
async function granted(file: string): Promise<string[]> {
  const text = await Bun.file(new URL(`../manifests/base/agent/${file}`, import.meta.url)).text();
  const documents = Bun.YAML.parse(text) as { kind: string; rules?: Rule[] }[];
  const rules = documents.find((one) => one.kind === "ClusterRole")!.rules!;
  return rules.flatMap((rule) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${resource}.${group}`)),
    ),
  );
}

const asked = (list: readonly Permission[]) =>
  list.flatMap(({ group, resource, verbs }) => verbs.map((verb) => `${verb} ${resource}.${group}`));

test.each([
  ["rbac.yaml", permissions],
  ["rights/rbac-operator.yaml", operatorPermissions],
  ["rights/rbac-exec.yaml", execPermissions],
  ["rights/rbac-resources.yaml", resourcePermissions],
  ["certificates/rbac.yaml", certificatePermissions],
])("%s grants exactly what the agent asks for", async (file, list) => {
  expect((await granted(file)).toSorted()).toEqual(asked(list).toSorted());
});

test("no Secret is read, and the agent that only watches writes nothing", () => {
  for (const { resource, group } of [...permissions, ...operatorPermissions, ...resourcePermissions]) {
    expect(resource).not.toBe("secrets");
    // Every kind of the core group would be Secrets too.
    if (group === "") expect(resource).not.toBe("*");
  }
  for (const { verbs } of permissions)
    for (const verb of verbs) expect(["get", "list", "watch"]).toContain(verb);
});
