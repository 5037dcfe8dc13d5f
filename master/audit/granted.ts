import type { Grant } from "../access/principal.ts";

/** What an entry says of a grant, and with it whose it is to read: the administrators of the grant's tenant. */
export function granted(
  { role, tenant, clusters, namespaces }: Grant,
  more: Record<string, unknown> = {},
): { tenant?: string; detail: Record<string, unknown> } {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    detail: { role, ...(clusters ? { clusters } : {}), ...(namespaces ? { namespaces } : {}), ...more },
  };
}
