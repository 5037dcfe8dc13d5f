import type { Namespace } from "../../../wire/namespace.ts";
import type { Standing } from "../entry.ts";
import { parseQuantity } from "../../../wire/values.ts";
import { info, type KindFacts, labelLines, ok, warning } from "./facts.ts";

/** The first resource of a quota that is used up, in words. */
function exhausted(namespace: Namespace): string | undefined {
  for (const quota of namespace.quotas ?? [])
    for (const [resource, hard] of Object.entries(quota.hard ?? {})) {
      const limit = parseQuantity(hard);
      const used = parseQuantity(quota.used?.[resource]);
      if (limit > 0 && used >= limit)
        return `quota ${quota.name}: ${resource} ${quota.used![resource]} of ${hard} used`;
    }
  return undefined;
}

function standing(namespace: Namespace): Standing {
  const phase = namespace.summary.phase ?? "Active";
  if (phase === "Terminating") return info(phase, "it is being deleted");
  const why = exhausted(namespace);
  return why ? warning(phase, why) : ok(phase);
}

export const namespace: KindFacts<Namespace> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: ({ summary }) => labelLines(summary.labels),
  columns: {
    phase: ({ summary }) => summary.phase,
    pods: ({ counts }) => counts?.pods ?? 0,
    running: ({ counts }) => counts?.podsRunning ?? 0,
    pending: ({ counts }) => counts?.podsPending ?? 0,
    failed: ({ counts }) => counts?.podsFailed ?? 0,
    deployments: ({ counts }) => counts?.deployments ?? 0,
    statefulsets: ({ counts }) => counts?.statefulSets ?? 0,
    daemonsets: ({ counts }) => counts?.daemonSets ?? 0,
    jobs: ({ counts }) => counts?.jobs ?? 0,
    cronjobs: ({ counts }) => counts?.cronJobs ?? 0,
    services: ({ counts }) => counts?.services ?? 0,
    ingresses: ({ counts }) => counts?.ingresses ?? 0,
    configmaps: ({ counts }) => counts?.configMaps ?? 0,
  },
};
