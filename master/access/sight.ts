import type { Grant } from "./principal.ts";

/**
 * What somebody may see: everything, or of some clusters (by the master's id) all, or some namespaces only. Who sees
 * some namespaces of a cluster sees nothing of it that is in no namespace, such as its nodes, but these namespaces
 * themselves.
 */
export type Sight = "everything" | ReadonlyMap<string, "all" | ReadonlySet<string>>;

/** What can be seen of one cluster; undefined: not even that it is there. */
export function sightOf(sight: Sight, cluster: string): "all" | ReadonlySet<string> | undefined {
  return sight === "everything" ? "all" : sight.get(cluster);
}

/** Whether something can be seen that is in this namespace, or with "" in none. */
export function sees(sight: Sight, cluster: string, namespace: string): boolean {
  const part = sightOf(sight, cluster);
  return part === "all" || part?.has(namespace) === true;
}

/** Whether everything of these clusters can be seen, so that nothing has to be looked through for what cannot. */
export function seesAll(sight: Sight, clusters: Iterable<string>): boolean {
  if (sight === "everything") return true;
  for (const id of clusters) if (sight.get(id) !== "all") return false;
  return true;
}

/** What grants of any role let somebody see of these clusters, each with the tenant that owns it. */
export function sightBy(grants: readonly Grant[], clusters: ReadonlyMap<string, string>): Sight {
  if (grants.some((one) => one.tenant === undefined && !one.clusters && !one.namespaces)) return "everything";
  const sight = new Map<string, "all" | Set<string>>();
  for (const { tenant, clusters: some, namespaces } of grants)
    for (const [id, owner] of clusters) {
      if ((tenant !== undefined && tenant !== owner) || (some && !some.includes(id))) continue;
      const part = sight.get(id);
      if (part === "all") continue;
      if (!namespaces) sight.set(id, "all");
      else sight.set(id, new Set([...(part ?? []), ...namespaces]));
    }
  return sight;
}
