import type { ReplicaSet } from "../../../wire/workloads.ts";
import { parseTime } from "../../../wire/values.ts";
import { controllers, images, type KindFacts, labelLines } from "./facts.ts";
import { replicasStanding } from "./replicas.ts";

export const replicaset: KindFacts<ReplicaSet> = {
  standing: (item, now) =>
    replicasStanding(
      {
        desired: item.summary.replicas ?? 0,
        ready: item.summary.ready ?? 0,
        phase: item.rollout?.phase,
        message: item.rollout?.message,
        createdMs: parseTime(item.summary.createdAt),
      },
      now,
    ),
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  owners: ({ summary }) => controllers(summary),
  search: (item) => [...labelLines(item.labels), ...images(item.template?.containers)],
  columns: {
    ready: ({ summary }) => summary.ready ?? 0,
    desired: ({ summary }) => summary.replicas ?? 0,
    replicas: ({ summary }) => summary.replicas ?? 0,
    available: ({ summary }) => summary.available ?? 0,
    images: ({ template }) => images(template?.containers).join(","),
  },
};
