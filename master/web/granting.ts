import type { PlaceView } from "../../views/parts/grant.ts";
import { problem } from "../../wire/problem.ts";
import type { Grant, UserPrincipal } from "../access/principal.ts";
import { listClusters } from "../database/clusters.ts";
import { listTenants } from "../database/tenants.ts";
import type { SeenDeps, WebDeps } from "./deps.ts";
import { roleOf } from "./actions/role.ts";

/** The tenants whose names somebody may read: those in which they have a role, and all for the installation's. */
export async function tenantNames(
  deps: Pick<WebDeps, "database" | "access">,
  user: UserPrincipal,
): Promise<Map<string, string>> {
  const all = deps.access.may(user, "viewer", {});
  const own = new Set(user.grants.map((one) => one.tenant));
  const tenants = await listTenants(deps.database);
  return new Map(tenants.filter((one) => all || own.has(one.id)).map((one) => [one.id, one.name]));
}

/**
 * Where a form can say that a role is for, widest first: `give`: where the user may give one as an administrator,
 * otherwise where they have one at all. A single tenant is not offered beside "everywhere": it is the same.
 */
export async function placesOf(
  deps: SeenDeps,
  user: UserPrincipal,
  tenants: ReadonlyMap<string, string>,
  give: boolean,
): Promise<PlaceView[]> {
  const { access } = deps;
  const may = (grant: Omit<Grant, "role">) => !give || access.mayGive(user, { ...grant, role: "viewer" });
  const places: PlaceView[] = [];
  const everywhere = may({});
  if (everywhere) places.push({ value: "", name: "" });
  if (tenants.size > 1 || !everywhere)
    for (const [tenant, name] of tenants)
      if (may({ tenant })) places.push({ value: `tenant:${tenant}`, name });
  const seen = new Set(deps.datasource.clusters().map((one) => one.id));
  for (const { id, name, tenant } of await listClusters(deps.database))
    if (seen.has(id) && may({ tenant, clusters: [id] })) places.push({ value: `cluster:${id}`, name });
  return places;
}

/** The grant that a form says. 422 where it makes no sense, and no word of what the user may not know of. */
export async function grantOfForm(deps: Pick<WebDeps, "database">, form: URLSearchParams): Promise<Grant> {
  const role = roleOf(form);
  const namespaces = namespacesOf(form.get("namespaces") ?? "");
  const [what, id = ""] = (form.get("where") ?? "").split(":");
  const narrowed = namespaces ? { namespaces } : {};
  if (what === "") return { role, ...narrowed };
  if (what === "tenant") return { role, tenant: id, ...narrowed };
  const cluster = (await listClusters(deps.database)).find((one) => one.id === id);
  if (what !== "cluster" || !cluster) throw problem(422, "there is no such place", { pointer: "/where" });
  return { role, tenant: cluster.tenant, clusters: [id], ...narrowed };
}

const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names with spaces or commas between them (RFC 1123 labels); undefined for none. */
function namespacesOf(text: string): string[] | undefined {
  const names = [...new Set(text.split(/[\s,]+/).filter(Boolean))];
  if (names.length > 100) throw problem(422, "a role is narrowed to at most 100 namespaces", at);
  for (const name of names)
    if (!namespaceName.test(name))
      throw problem(
        422,
        `${name.slice(0, 63)} is no name of a namespace: lower case letters, digits and -`,
        at,
      );
  return names.length > 0 ? names : undefined;
}
const at = { pointer: "/namespaces" };

/** 403 where the user does not administer all that a grant reaches; recorded by who runs the form. */
export function demandGiving(deps: Pick<WebDeps, "access">, user: UserPrincipal, grant: Grant): void {
  if (!deps.access.mayGive(user, grant))
    throw problem(403, "you can give and take only roles where you are an administrator yourself");
}
