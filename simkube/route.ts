import { pathNotFound } from "./api-error.ts";
import { findKind, type Kind } from "./kinds.ts";

/** What a path asks for: a kind, perhaps within a namespace, perhaps one object, perhaps a part of it. */
export interface Route {
  kind: Kind;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** `/api/v1/…` and `/apis/<group>/<version>/…`; 404 for what this API does not have. */
export function parseRoute(pathname: string): Route {
  const parts = pathname.split("/").slice(1).map(decodeURIComponent);
  const root = parts.shift();
  let group = "";
  if (root === "apis") group = parts.shift() ?? "";
  else if (root !== "api") throw pathNotFound();
  const version = parts.shift() ?? "";
  let namespace: string | undefined;
  // /namespaces/x and its status are the namespace itself; anything further is inside it.
  if (parts[0] === "namespaces" && parts.length > 2 && parts[2] !== "status" && parts[2] !== "finalize") {
    namespace = parts[1];
    parts.splice(0, 2);
  }
  const [plural, name, subresource, ...more] = parts;
  const kind = findKind(group, version, plural ?? "");
  if (kind === undefined || more.length > 0 || (namespace !== undefined && !kind.namespaced))
    throw pathNotFound();
  return { kind, namespace, name, subresource };
}
