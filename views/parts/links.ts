import type { KindKey } from "../../wire/kinds.ts";
import { kindKeys, kinds } from "../../wire/kinds.ts";
import type { Viewing } from "../viewing.ts";

/** The folder of each kind's pages: the list is `/pods`, one object `/pods/<cluster>/<namespace>/<name>`. */
export const folders: Record<KindKey, string> = {
  pod: "pods",
  node: "nodes",
  service: "services",
  namespace: "namespaces",
  ingress: "ingresses",
  deployment: "deployments",
  configmap: "configmaps",
  statefulset: "statefulsets",
  daemonset: "daemonsets",
  replicaset: "replicasets",
  job: "jobs",
  cronjob: "cronjobs",
  persistentvolumeclaim: "claims",
  horizontalpodautoscaler: "autoscalers",
};

/** `Pod` → `pod`, for kinds that have pages. */
export function keyOfKind(kind: string): KindKey | undefined {
  return kindKeys.find((key) => kinds[key].kind === kind);
}

/** A query with some parameters changed; undefined or empty takes one away. Its order is stable. */
export function withQuery(
  path: string,
  query: URLSearchParams,
  changes: Record<string, string | number | undefined>,
): string {
  // Most links carry nothing along, and a list has hundreds of them.
  if (query.size === 0 && Object.values(changes).every((value) => value === undefined || value === ""))
    return path;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** An address with some of its parameters changed. */
export function changedHref(href: string, changes: Record<string, string | number | undefined>): string {
  const [path = "", query] = href.split("?");
  return withQuery(path, new URLSearchParams(query), changes);
}

/** A page's address with the viewer's scope kept, and further parameters. */
export function pageHref(
  v: Viewing,
  path: string,
  more: Record<string, string | number | undefined> = {},
): string {
  return withQuery(path, new URLSearchParams(), { ...v.scope, ...more });
}

/** The page of one object; the scope goes along, so that the way back leads to the same list. */
export function objectHref(
  v: Viewing,
  key: KindKey,
  cluster: string,
  namespace: string,
  name: string,
): string {
  const within = kinds[key].namespaced ? `${segment(namespace)}/` : "";
  const path = `/${folders[key]}/${segment(cluster)}/${within}${segment(name)}`;
  return v.scope.cluster === undefined && v.scope.namespace === undefined ? path : pageHref(v, path);
}

/** Nearly every name stands in an address as it is, and a list has hundreds: looking is faster than encoding. */
function segment(name: string): string {
  return /^[\w.-]*$/.test(name) ? name : encodeURIComponent(name);
}

/** The page of an object named by its Kubernetes kind, where there is one. */
export function kindHref(
  v: Viewing,
  kind: string,
  cluster: string,
  namespace: string,
  name: string,
): string | undefined {
  const key = keyOfKind(kind);
  return key && name !== "" ? objectHref(v, key, cluster, namespace, name) : undefined;
}
