import { type Grant, type Role, roles } from "../master/access/principal.ts";
import { findCluster, listClusters } from "../master/database/clusters.ts";
import type { Database } from "../master/database/database.ts";
import { findTenant, listTenants } from "../master/database/tenants.ts";
import { UsageError } from "./command.ts";

/** The options by which a command says what somebody may do where; help text by option. */
export const grantOptions = {
  "--role": `what it may do: ${roles.join(", ")}`,
  "--tenant": "only in this tenant",
  "--cluster": "only in this cluster",
  "--namespaces": "only in these namespaces, with commas between them",
};
export const grantOptionNames = ["role", "tenant", "cluster", "namespaces"];

/** The grant that options say; a UsageError on what there is not. */
export async function grantOfOptions(db: Database, options: Record<string, string>): Promise<Grant> {
  const { role, tenant: tenantName, cluster: clusterName, namespaces } = options;
  if (!roles.includes(role as Role)) throw new UsageError(`--role must be one of ${roles.join(", ")}`);
  const cluster = clusterName === undefined ? undefined : await findCluster(db, { name: clusterName });
  if (clusterName !== undefined && !cluster) throw new UsageError(`there is no cluster named ${clusterName}`);
  const tenant = tenantName === undefined ? cluster?.tenant : await tenantNamed(db, tenantName);
  if (cluster && cluster.tenant !== tenant)
    throw new UsageError(`the cluster ${clusterName} is not ${tenantName}'s`);
  const names = namespaces
    ?.split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  return {
    role: role as Role,
    ...(tenant === undefined ? {} : { tenant }),
    ...(cluster ? { clusters: [cluster.id] } : {}),
    ...(names && names.length > 0 ? { namespaces: names } : {}),
  };
}

export async function tenantNamed(db: Database, name: string): Promise<string> {
  const found = await findTenant(db, { name });
  if (!found) throw new UsageError(`there is no tenant named ${name}: see \`atlhyper tenant list\``);
  return found.id;
}

/** What tenants and clusters are called, by their ids. */
export async function placeNames(db: Database) {
  const named = (all: readonly { id: string; name: string }[]) =>
    new Map(all.map((one) => [one.id, one.name]));
  return { tenants: named(await listTenants(db)), clusters: named(await listClusters(db)) };
}

/** A grant in words: `operator in shop, cluster prod, namespaces a, b`; `admin everywhere`. */
export function grantText(
  { role, tenant, clusters, namespaces }: Grant,
  names: { tenants: ReadonlyMap<string, string>; clusters: ReadonlyMap<string, string> },
): string {
  const parts = [tenant === undefined ? "everywhere" : `in ${names.tenants.get(tenant) ?? tenant}`];
  if (clusters) parts.push(`cluster ${clusters.map((id) => names.clusters.get(id) ?? id).join(", ")}`);
  if (namespaces) parts.push(`namespaces ${namespaces.join(", ")}`);
  return `${role} ${parts.join(", ")}`;
}
