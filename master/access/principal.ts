/** What somebody may do; each role includes those before it. */
export type Role = "viewer" | "operator" | "admin";
export const roles: readonly Role[] = ["viewer", "operator", "admin"];

/** What somebody may do in a tenant: everywhere in it, or in some of its clusters and namespaces only. */
export interface Grant {
  /** A tenant's id; absent: all of them, and the installation itself. */
  tenant?: string;
  role: Role;
  /** The master's ids of clusters; absent: all of the tenant. */
  clusters?: readonly string[];
  /** Names; absent: all, and what is in no namespace. */
  namespaces?: readonly string[];
}

/** A role alone is one in the whole installation. */
export const asGrant = (grant: Role | Grant): Grant => (typeof grant === "string" ? { role: grant } : grant);

/** Where something is to be done; what is not said is asked for in all of it. */
export interface Where {
  tenant?: string;
  /** The master's id. */
  cluster?: string;
  namespace?: string;
}

export interface UserPrincipal {
  kind: "user";
  userID: string;
  name: string;
  /** The highest of all grants: what pages offer at all. Whether it holds somewhere is `access.may`'s to say. */
  role: Role;
  grants: readonly Grant[];
  /** Names the session in lists; it is no credential. */
  session: string;
  /** The token that every form of this session carries. */
  csrf: string;
  /**
   * What has to be done before anything else is allowed: a password, after signing in by the setup link; a second
   * factor, where one is required.
   */
  owes?: "password" | "secondFactor";
}

export interface TokenPrincipal {
  kind: "token";
  tokenID: string;
  name: string;
  /** The highest of all grants. */
  role: Role;
  /** What it may now: never more than the user whose token it is. */
  grants: readonly Grant[];
  /** It changes nothing and reveals no secret, whatever its role. */
  readOnly: boolean;
}

export interface ClusterPrincipal {
  kind: "cluster";
  tokenID: string;
  /** The cluster's internal id and its name. */
  cluster: string;
  name: string;
  /** The identity its agent tells; absent until the first contact binds it. */
  clusterID: string | undefined;
}

/** Who makes a request. */
export type Principal = UserPrincipal | TokenPrincipal | ClusterPrincipal;

/** What a principal was granted; an agent's token nothing, nor who owes something first. */
export function grantsOf(principal: Principal | undefined): readonly Grant[] {
  if (!principal || principal.kind === "cluster") return [];
  return principal.kind === "user" && principal.owes ? [] : principal.grants;
}
