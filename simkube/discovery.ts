import { allKinds, apiVersionOf, type Kind } from "./kinds.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** What clients ask first: the version, the groups and the kinds of each. Undefined for any other path. */
export function discoveryAnswer(pathname: string, gitVersion: string): unknown {
  const path = pathname.replace(/\/$/, "");
  switch (path) {
    case "/version": {
      const [major, minor] = gitVersion.slice(1).split(".");
      return { major, minor, gitVersion, gitTreeState: "clean", platform: "linux/arm64" };
    }
    case "/api":
      return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    case "/apis":
      return { kind: "APIGroupList", apiVersion: "v1", groups: groups() };
  }
  const match = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  const of = allKinds.filter((kind) => kind.group === (match[1] ?? "") && kind.version === match[2]);
  if (of.length === 0) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(of[0]!),
    resources: of.flatMap(resourcesOf),
  };
}

function groups() {
  const names = [...new Set(allKinds.map((kind) => kind.group).filter((group) => group !== ""))];
  return names.map((name) => {
    const { version } = allKinds.find((kind) => kind.group === name)!;
    const one = { groupVersion: `${name}/${version}`, version };
    return { name, versions: [one], preferredVersion: one };
  });
}

function resourcesOf(kind: Kind) {
  const { plural: name, singular: singularName, namespaced, kind: kindName, shortNames } = kind;
  const list: object[] = [{ name, singularName, namespaced, kind: kindName, verbs, shortNames }];
  const part = (sub: string, partKind: string, partVerbs: string[], more: object = {}) =>
    list.push({
      name: `${name}/${sub}`,
      singularName: "",
      namespaced,
      kind: partKind,
      verbs: partVerbs,
      ...more,
    });
  if (kind.status) part("status", kindName, ["get", "patch", "update"]);
  if (kind.scale) part("scale", "Scale", ["get", "patch", "update"], { group: "autoscaling", version: "v1" });
  if (kindName === "Pod") {
    part("log", kindName, ["get"]);
    part("eviction", "Eviction", ["create"], { group: "policy", version: "v1" });
  }
  return list;
}
