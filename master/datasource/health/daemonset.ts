import type { DaemonSet } from "../../../wire/workloads.ts";
import { parseTime } from "../../../wire/values.ts";
import { images, type KindFacts, labelLines } from "./facts.ts";
import { replicasStanding } from "./replicas.ts";

export const daemonset: KindFacts<DaemonSet> = {
  standing: (item, now) =>
    replicasStanding(
      {
        desired: item.summary.desired ?? 0,
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
    desired: ({ summary }) => summary.desired ?? 0,
    replicas: ({ summary }) => summary.desired ?? 0,
    updated: ({ summary }) => summary.updated ?? 0,
    available: ({ summary }) => summary.available ?? 0,
    misscheduled: ({ summary }) => summary.misscheduled ?? 0,
    rollout: ({ rollout }) => rollout?.phase,
    images: ({ template }) => images(template?.containers).join(","),
  },
};
