import type { KubeClient } from "../kube/client.ts";
import { KubeError } from "../kube/error.ts";
import type { Resource } from "../kube/resource.ts";
import { OperationError } from "./operation.ts";

/** A kind that the API server has, as its own discovery tells it. */
export interface KnownKind {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  shortNames: string[];
  verbs: string[];
}

interface ResourceList {
  groupVersion: string;
  resources: {
    name: string;
    kind: string;
    namespaced: boolean;
    verbs: string[];
    shortNames?: string[];
  }[];
}
interface GroupList {
  groups: { name: string; preferredVersion: { groupVersion: string } }[];
}

/** Kinds come and go with their CustomResourceDefinitions: what was learnt is believed for so long. */
const keptMs = 60_000;
const cache = new WeakMap<KubeClient, Map<string, { atMs: number; list: Promise<ResourceList> }>>();

const pathOf = (apiVersion: string) =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

/** What one group and version has; throws a KubeError 404 where the server has no such. */
function resourcesOf(client: KubeClient, apiVersion: string, signal?: AbortSignal): Promise<ResourceList> {
  const known = cache.get(client) ?? new Map();
  cache.set(client, known);
  const found = known.get(apiVersion);
  if (found && Date.now() - found.atMs < keptMs) return found.list;
  const list = client.json<ResourceList>("GET", pathOf(apiVersion), { signal });
  known.set(apiVersion, { atMs: Date.now(), list });
  list.catch(() => known.delete(apiVersion));
  return list;
}

/** The resource of a kind, custom ones too. Throws an OperationError NotFound where the cluster has no such kind. */
export async function findResource(
  client: KubeClient,
  apiVersion: string,
  kind: string,
  signal?: AbortSignal,
): Promise<Resource> {
  if (!/^([a-z0-9.-]+\/)?v[a-z0-9]+$/.test(apiVersion))
    throw new OperationError("BadRequest", `${apiVersion} is no apiVersion: it is like v1 or apps/v1.`);
  let list: ResourceList;
  try {
    list = await resourcesOf(client, apiVersion, signal);
  } catch (error) {
    if (error instanceof KubeError && error.status === 404)
      throw new OperationError("NotFound", `The cluster has no API ${apiVersion}.`);
    throw error;
  }
  const found = list.resources.find((one) => one.kind === kind && !one.name.includes("/"));
  if (!found) throw new OperationError("NotFound", `The cluster has no kind ${kind} in ${apiVersion}.`);
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return { group, version, plural: found.name, namespaced: found.namespaced, kind };
}

/** Every kind that can be listed, each in its group's preferred version. An API that does not answer is left out. */
export async function allKinds(client: KubeClient, signal?: AbortSignal): Promise<KnownKind[]> {
  const { groups } = await client.json<GroupList>("GET", "/apis", { signal });
  const versions = ["v1", ...groups.map((group) => group.preferredVersion.groupVersion)];
  const lists = await Promise.all(
    versions.map((apiVersion) => resourcesOf(client, apiVersion, signal).catch(() => undefined)),
  );
  return lists.flatMap((list, at) =>
    (list?.resources ?? [])
      .filter((one) => !one.name.includes("/") && one.verbs.includes("list"))
      .map((one) => ({
        apiVersion: versions[at]!,
        kind: one.kind,
        plural: one.name,
        namespaced: one.namespaced,
        shortNames: one.shortNames ?? [],
        verbs: one.verbs,
      })),
  );
}
