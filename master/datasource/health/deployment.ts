import type { Deployment } from "../../../wire/deployment.ts";
import { parseTime } from "../../../wire/values.ts";
import { images, type KindFacts, labelLines } from "./facts.ts";
import { replicasStanding } from "./replicas.ts";

const desired = ({ spec, summary }: Deployment) => spec?.replicas ?? summary.replicas ?? 0;
const ready = ({ summary, status }: Deployment) => summary.ready ?? status?.readyReplicas ?? 0;

export const deployment: KindFacts<Deployment> = {
  standing: (item, now) =>
    replicasStanding(
      {
        desired: desired(item),
        ready: ready(item),
        updated: item.summary.updated,
        phase: item.summary.paused ? "Paused" : item.rollout?.phase,
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
    ready,
    desired,
    replicas: desired,
    updated: ({ summary }) => summary.updated ?? 0,
    available: ({ summary }) => summary.available ?? 0,
    strategy: ({ summary }) => summary.strategy,
    rollout: ({ rollout }) => rollout?.phase,
    images: ({ template }) => images(template?.containers).join(","),
  },
};
