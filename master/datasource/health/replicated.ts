import type { DaemonSet, StatefulSet } from "../../../wire/workloads.ts";
import { parseTime } from "../../../wire/values.ts";
import { images, type KindFacts, labelLines } from "./facts.ts";
import { replicasStanding } from "./replicas.ts";

/** What StatefulSets and DaemonSets have in common; they differ in how many pods are wanted, and in columns. */
export function replicatedFacts<T extends StatefulSet | DaemonSet>(
  desired: (item: T) => number,
  columns: KindFacts<T>["columns"],
): KindFacts<T> {
  return {
    standing: (item, now) =>
      replicasStanding(
        {
          desired: desired(item),
          ready: item.summary.ready ?? 0,
          updated: item.summary.updated,
          phase: item.rollout?.phase,
          message: item.rollout?.message,
          conditions: item.status?.conditions,
          createdMs: parseTime(item.summary.createdAt),
        },
        now,
      ),
    created: ({ summary }) => summary.createdAt,
    uid: ({ summary }) => summary.uid,
    search: (item) => [...labelLines(item.labels), ...images(item.template?.containers)],
    columns: {
      ready: ({ summary }) => summary.ready ?? 0,
      desired,
      replicas: desired,
      updated: ({ summary }) => summary.updated ?? 0,
      available: ({ summary }) => summary.available ?? 0,
      rollout: ({ rollout }) => rollout?.phase,
      images: ({ template }) => images(template?.containers).join(","),
      ...columns,
    },
  };
}
