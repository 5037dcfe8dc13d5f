import { healthRank, type ListQuery } from "../../views/model.ts";
import type { Entry } from "./entry.ts";

const healths = Object.keys(healthRank);

/** Critical, warning and unknown need attention. */
export const needsAttention = (entry: Entry): boolean => entry.rank <= healthRank.unknown;

/** The words of a query, in lower case as texts are; none where it asks for no text. */
export const wordsOf = ({ q }: ListQuery): string[] => q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];

/** Whether an entry is one that a query wants, its words aside; undefined where it wants them all. */
export function wanted(query: ListQuery): ((entry: Entry) => boolean) | undefined {
  const { cluster, namespace, node } = query;
  const status = query.status?.toLowerCase();
  if (!cluster && !namespace && !node && !status) return undefined;
  const health = status ? healths.indexOf(status) : -1;
  return (entry) =>
    (!cluster || entry.cluster === cluster) &&
    (!namespace || entry.namespace === namespace) &&
    (!node || entry.node === node) &&
    (!status ||
      (status === "attention"
        ? needsAttention(entry)
        : health >= 0
          ? entry.rank === health
          : entry.state.toLowerCase() === status));
}
