import { dirname, isAbsolute, join } from "node:path";

/** A cluster's, user's or context's own part of a kubeconfig, as kubectl writes it; only what is used here. */
export interface ClusterEntry {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}
export interface UserEntry {
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  as?: string;
  "as-uid"?: string;
  "as-groups"?: string[];
  exec?: ExecEntry;
  "auth-provider"?: { name?: string; config?: Record<string, string> };
}
export interface ExecEntry {
  apiVersion?: string;
  command?: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}
export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** Several kubeconfig files as one. Paths in it are absolute. */
export interface Kubeconfig {
  currentContext: string | undefined;
  clusters: Map<string, ClusterEntry>;
  users: Map<string, UserEntry>;
  contexts: Map<string, ContextEntry>;
}

/** What is wrong with a kubeconfig, in words for the person who has to put it right. */
export class KubeconfigError extends Error {}

/** The rules of kubectl: of each name the first file counts, and the first current-context that is set. */
export function mergeKubeconfigs(files: { path: string; text: string }[]): Kubeconfig {
  const merged: Kubeconfig = {
    currentContext: undefined,
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
  };
  for (const { path, text } of files) {
    const document = parseDocument(path, text);
    merged.currentContext ??= stringOf(document["current-context"]);
    addAll(merged.clusters, document.clusters, "cluster", path, (entry: ClusterEntry) =>
      resolvePaths(entry, ["certificate-authority"], path),
    );
    addAll(merged.users, document.users, "user", path, (entry: UserEntry) =>
      resolvePaths(entry, ["client-certificate", "client-key", "tokenFile"], path),
    );
    addAll(merged.contexts, document.contexts, "context", path, (entry: ContextEntry) => entry);
  }
  return merged;
}

/** The cluster and user of a context: the one named, else the current one, else the only one there is. */
export function chooseContext(config: Kubeconfig, wanted: string | undefined) {
  const names = [...config.contexts.keys()];
  const name = wanted ?? config.currentContext ?? (names.length === 1 ? names[0] : undefined);
  const known = names.length > 0 ? `it has ${names.join(", ")}` : "it has none";
  if (name === undefined)
    throw new KubeconfigError(`the kubeconfig has no current-context; name one (${known})`);
  const context = config.contexts.get(name);
  if (context === undefined) throw new KubeconfigError(`the kubeconfig has no context ${name} (${known})`);
  const cluster = config.clusters.get(context.cluster ?? "");
  if (cluster === undefined)
    throw new KubeconfigError(
      `context ${name} names the cluster ${context.cluster}, which the kubeconfig lacks`,
    );
  const user = config.users.get(context.user ?? "");
  if (user === undefined && context.user)
    throw new KubeconfigError(`context ${name} names the user ${context.user}, which the kubeconfig lacks`);
  if (!/^https?:\/\//.test(cluster.server ?? ""))
    throw new KubeconfigError(
      `cluster ${context.cluster} has no server address that begins with https:// or http://`,
    );
  return { name, namespace: context.namespace || undefined, cluster, user: user ?? {} };
}

function parseDocument(path: string, text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = Bun.YAML.parse(text);
  } catch (error) {
    throw new KubeconfigError(`${path} is no valid YAML: ${(error as Error).message}`);
  }
  if (document === null || document === undefined) return {};
  if (typeof document !== "object" || Array.isArray(document))
    throw new KubeconfigError(`${path} is no kubeconfig`);
  return document as Record<string, unknown>;
}

function addAll<E extends object>(
  into: Map<string, E>,
  list: unknown,
  field: string,
  path: string,
  prepare: (entry: E) => E,
): void {
  if (list === null || list === undefined) return;
  if (!Array.isArray(list)) throw new KubeconfigError(`${path}: ${field}s is not a list`);
  for (const item of list as Record<string, unknown>[]) {
    const name = stringOf(item?.name);
    if (name === undefined) throw new KubeconfigError(`${path}: a ${field} without a name`);
    if (!into.has(name)) into.set(name, prepare((item[field] ?? {}) as E));
  }
}

function resolvePaths<E extends object>(entry: E, fields: (keyof E)[], path: string): E {
  const resolved = { ...entry };
  for (const field of fields) {
    const value = resolved[field];
    if (typeof value === "string" && value !== "" && !isAbsolute(value))
      resolved[field] = join(dirname(path), value) as E[keyof E];
  }
  return resolved;
}

/** A YAML scalar as text: a context may be called 1234. */
function stringOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
