import type { StatefulSet } from "../../../wire/workloads.ts";
import { parseTime } from "../../../wire/values.ts";
import { images, type KindFacts, labelLines } from "./facts.ts";
import { replicasStanding } from "./replicas.ts";

export const statefulset: KindFacts<StatefulSet> = {
  standing: (item, now) =>
    replicasStanding(
      {
        desired: item.summary.replicas ?? 0,
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
    desired: ({ summary }) => summary.replicas ?? 0,
    replicas: ({ summary }) => summary.replicas ?? 0,
    updated: ({ summary }) => summary.updated ?? 0,
    available: ({ summary }) => summary.available ?? 0,
    service: ({ summary }) => summary.serviceName,
    rollout: ({ rollout }) => rollout?.phase,
    images: ({ template }) => images(template?.containers).join(","),
  },
};
