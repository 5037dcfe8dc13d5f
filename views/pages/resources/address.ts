import { pageHref } from "../../parts/links.ts";
import type { Viewing } from "../../viewing.ts";

/** An object of any kind, by what its command's target says. */
export interface ResourceRef {
  cluster: string;
  apiVersion: string;
  kind: string;
  /** Empty where the kind has none. */
  namespace: string;
  name: string;
}

/** `apps/v1` in one part of a path; no group has a ~ in its name. */
const apiPart = (apiVersion: string) => apiVersion.replace("/", "~");
export const apiVersionOf = (part: string): string => part.replace("~", "/");
/** No namespace is named so. */
export const noNamespace = "-";

const path = (...parts: string[]) => `/resources/${parts.map(encodeURIComponent).join("/")}`;

export const clusterResources = (v: Viewing, cluster: string): string => pageHref(v, path(cluster));

export const kindResources = (
  v: Viewing,
  one: Pick<ResourceRef, "cluster" | "apiVersion" | "kind">,
  more: Record<string, string | undefined> = {},
): string => pageHref(v, path(one.cluster, apiPart(one.apiVersion), one.kind), more);

export function resourceHref(v: Viewing, one: ResourceRef, more: Record<string, string> = {}): string {
  return pageHref(v, resourcePath(one), more);
}

export const resourcePath = (one: ResourceRef): string =>
  path(one.cluster, apiPart(one.apiVersion), one.kind, one.namespace || noNamespace, one.name);

export const targetOfResource = ({ apiVersion, kind, namespace, name }: ResourceRef) => ({
  apiVersion,
  kind,
  ...(namespace ? { ns: namespace } : {}),
  name,
});
