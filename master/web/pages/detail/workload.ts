import { healthRank } from "../../../../views/model.ts";
import { type WorkloadKey, workloadKinds, workloadPage } from "../../../../views/pages/detail/workload.ts";
import type { Html } from "../../../../views/html.ts";
import { revisionPage } from "../../../../views/pages/detail/revision.ts";
import type { KindKey } from "../../../../wire/kinds.ts";
import type { Page } from "../../page.ts";
import { markedOf } from "./marks.ts";
import { momentOf } from "./moment.ts";
import { pastOf, topPodsOf } from "./past.ts";
import {
  eventsOf,
  eventsOfAll,
  type Found,
  type Missing,
  objectPage,
  others,
  problemsWith,
  selects,
} from "./object.ts";

/** Of so many of its ReplicaSets or jobs, and of its pods that are not well, the events stand with its own. */
const relatives = 5;

function workloadDetail<K extends WorkloadKey>(kind: K): Page {
  const topics: KindKey[] = ["pod", "service", "horizontalpodautoscaler"];
  return objectPage(
    kind,
    "workloads",
    ["metrics", ...topics, ...(kind === "cronjob" ? (["job"] as const) : [])],
    (found) => {
      const { deps, row, cluster, namespace, name } = found;
      const owner = { kind: workloadKinds[kind], namespace, name };
      const pods = deps.datasource.podsOf(cluster, { owner });
      const labels = pods[0]?.item.labels ?? templateLabels(found);
      const jobs =
        kind === "cronjob"
          ? others(
              found,
              "job",
              (job) => job.summary.controlledBy?.kind === "CronJob" && job.summary.controlledBy.name === name,
            ).sort((a, b) => b.createdMs - a.createdMs)
          : [];
      const sets = "replicaSets" in row.item ? (row.item.replicaSets ?? []).slice(0, relatives) : [];
      const unwell = pods.filter((pod) => healthRank[pod.health] < healthRank.info).slice(0, relatives);
      return workloadPage(found.v, {
        kind,
        row,
        pods,
        jobs,
        marked: markedOf(found, cluster, [{ ...owner, owner: true }]),
        past: pastOf(found, { cluster, ...owner }),
        moment: momentOf(found, { cluster, ...owner }),
        topPods: topPodsOf(found, { cluster, ...owner }),
        ...eventsOfAll(found, [
          { cluster, ...owner },
          ...sets.map((one) => ({ cluster, kind: "ReplicaSet", namespace, name: one.name })),
          ...jobs
            .slice(0, relatives)
            .map((one) => ({ cluster, kind: "Job", namespace, name: one.item.summary.name })),
          ...unwell.map((pod) => ({ cluster, kind: "Pod", namespace, name: pod.item.summary.name })),
        ]),
        problems: problemsWith(found, cluster, [owner]),
        services: others(found, "service", (service) => selects(service.selector, labels)),
        autoscalers: others(
          found,
          "horizontalpodautoscaler",
          ({ summary }) => summary.target?.kind === owner.kind && summary.target.name === name,
        ),
      });
    },
    kind === "replicaset" ? revision : undefined,
  );
}

/** A Deployment's ReplicaSets travel with it and are in no list of their own. */
function revision(missing: Missing): Record<string, Html> | undefined {
  const { deps, v, cluster, namespace, name } = missing;
  const [deployment] = others(missing, "deployment", (one) =>
    (one.replicaSets ?? []).some((set) => set.name === name),
  );
  const set = deployment?.item.replicaSets?.find((one) => one.name === name);
  if (!deployment || !set) return undefined;
  const owner = { kind: "ReplicaSet", namespace, name };
  return revisionPage(v, {
    deployment,
    set,
    pods: deps.datasource.podsOf(cluster, { owner }),
    ...eventsOf(missing, { cluster, ...owner }),
  });
}

/** A workload without pods is still selected by what its pods would carry. */
function templateLabels<K extends WorkloadKey>({ row }: Found<K>): Record<string, string> | undefined {
  const item = row.item as { template?: { labels?: Record<string, string> | null } | null };
  return item.template?.labels ?? undefined;
}

export const workloadDetails = (
  ["deployment", "statefulset", "daemonset", "replicaset", "job", "cronjob"] as const
).map((kind) => workloadDetail(kind));
