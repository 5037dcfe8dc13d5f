import { healthRank, type ListQuery } from "../../views/model.ts";
import type { Entry } from "./entry.ts";

const healths = Object.keys(healthRank);

/** Critical, warning and unknown need attention. */
export const needsAttention = (entry: Entry): boolean => entry.rank <= healthRank.unknown;

/** Those of sorted entries that a query wants, in their order. */
export function filter(sorted: Entry[], query: ListQuery): Entry[] {
  const { cluster, namespace, node } = query;
  const status = query.status?.toLowerCase();
  const words = query.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  if (!cluster && !namespace && !node && !status && words.length === 0) return sorted;
  const health = status ? healths.indexOf(status) : -1;
  return sorted.filter(
    (entry) =>
      (!cluster || entry.cluster === cluster) &&
      (!namespace || entry.namespace === namespace) &&
      (!node || entry.node === node) &&
      (!status ||
        (status === "attention"
          ? needsAttention(entry)
          : health >= 0
            ? entry.rank === health
            : entry.state.toLowerCase() === status)) &&
      words.every((word) => entry.haystack.includes(word)),
  );
}
