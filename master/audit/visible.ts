import type { Access } from "../access/access.ts";
import type { Principal } from "../access/principal.ts";
import type { Visible } from "./search.ts";

/**
 * Which entries somebody may read: those of the places they administer. What belongs to no tenant and no cluster
 * is the whole installation's, and asks for an administrator of all of it.
 */
export function visibleTo(access: Pick<Access, "may">, by: Principal): Visible {
  const known = new Map<string, boolean>();
  return ({ tenant, cluster, namespace }) => {
    const key = JSON.stringify([tenant, cluster, namespace]);
    let may = known.get(key);
    if (may === undefined) {
      may = access.may(by, "admin", {
        ...(tenant === null ? {} : { tenant }),
        ...(cluster === null ? {} : { cluster }),
        ...(namespace === null ? {} : { namespace }),
      });
      known.set(key, may);
    }
    return may;
  };
}
