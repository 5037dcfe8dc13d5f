import { type Grant, type Role, roles, type Where } from "./principal.ts";

/** Whose a cluster is, by the master's id; undefined where there is no such cluster. */
export type TenantOf = (cluster: string) => string | undefined;

const rank = (role: Role): number => roles.indexOf(role);

/** Whether one of the grants lets somebody act as `role`: somewhere at least, or all over a place. */
export function mayAct(
  grants: readonly Grant[],
  role: Role,
  where: Where | undefined,
  tenantOf: TenantOf,
): boolean {
  return grants.some(
    (one) => rank(one.role) >= rank(role) && (where === undefined || covers(one, where, tenantOf)),
  );
}

/** Whether a grant is for all of a place; a tenant that is named counts, not whose the cluster is now. */
function covers({ tenant, clusters, namespaces }: Grant, where: Where, tenantOf: TenantOf): boolean {
  const { cluster, namespace } = where;
  if (tenant !== undefined && tenant !== (where.tenant ?? (cluster && tenantOf(cluster)))) return false;
  if (clusters && (cluster === undefined || !clusters.includes(cluster))) return false;
  return !namespaces || (namespace !== undefined && namespaces.includes(namespace));
}

const within = (outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean =>
  outer === undefined || inner?.every((one) => outer.includes(one)) === true;

/** Whether a grant reaches no further than another. */
export function isWithin(inner: Grant, outer: Grant): boolean {
  return (
    rank(inner.role) <= rank(outer.role) &&
    (outer.tenant === undefined || outer.tenant === inner.tenant) &&
    within(outer.clusters, inner.clusters) &&
    within(outer.namespaces, inner.namespaces)
  );
}

/** Whether who has some grants may give a grant to others, or take it from them: as an administrator of all it reaches. */
export function mayGive(grants: readonly Grant[], grant: Grant): boolean {
  return grants.some((one) => one.role === "admin" && isWithin(grant, one));
}

/** What two sets of grants both allow. */
export function intersection(some: readonly Grant[], others: readonly Grant[]): Grant[] {
  return some.flatMap((one) => others.flatMap((other) => common(one, other) ?? []));
}

function common(one: Grant, other: Grant): Grant | undefined {
  if (one.tenant !== undefined && other.tenant !== undefined && one.tenant !== other.tenant) return undefined;
  const tenant = one.tenant ?? other.tenant;
  const clusters = both(one.clusters, other.clusters);
  const namespaces = both(one.namespaces, other.namespaces);
  if (clusters?.length === 0 || namespaces?.length === 0) return undefined;
  return {
    role: rank(one.role) < rank(other.role) ? one.role : other.role,
    ...(tenant === undefined ? {} : { tenant }),
    ...(clusters ? { clusters } : {}),
    ...(namespaces ? { namespaces } : {}),
  };
}

function both(one: readonly string[] | undefined, other: readonly string[] | undefined) {
  if (!one || !other) return one ?? other;
  return one.filter((name) => other.includes(name));
}
