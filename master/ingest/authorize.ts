import { problem } from "../../wire/problem.ts";
import type { Access } from "../access/access.ts";
import type { ClusterPrincipal, Principal } from "../access/principal.ts";

/** The cluster whose token a request carries, in its path or its header; 401 and 403 otherwise. */
export function authorize(
  access: Access,
  request: Request,
  pathToken: string | undefined,
): ClusterPrincipal | Promise<ClusterPrincipal> {
  const found = pathToken === undefined ? access.authenticate(request) : access.authenticateToken(pathToken);
  // Known tokens are found in memory, and the hot path then has no turn of the event loop here.
  return found instanceof Promise ? found.then(demandCluster) : demandCluster(found);
}

function demandCluster(principal: Principal | undefined): ClusterPrincipal {
  if (!principal) throw problem(401, "a cluster's token is needed: Authorization: Bearer <token>");
  if (principal.kind !== "cluster")
    throw problem(403, "only a cluster's own token may send what happens in it");
  return principal;
}
