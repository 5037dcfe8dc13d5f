import type { ItemOf, KindKey } from "../../../wire/kinds.ts";
import type { Pod } from "../../../wire/pod.ts";
import { boundsOf } from "../../../views/pages/detail/usage.ts";
import {
  measuresOf,
  ordersOf,
  type TopData,
  type TopKind,
  topKinds,
  type TopMeasure,
  topPage,
  type TopRow,
  usualTime,
} from "../../../views/pages/top.ts";
import { keyOfKind } from "../../../views/parts/links.ts";
import { shownOf } from "../../../views/parts/range.ts";
import type { Top } from "../../history/tops.ts";
import { awaitedLists } from "../../datasource/awaited.ts";
import type { Page, PageContext } from "../page.ts";

const mostShown = 50;

/** Who used most over a time. */
export const topLists: Page = {
  path: "/top",
  nav: "usage",
  topics: ["metrics"],
  async load(ctx) {
    const { v, deps } = ctx;
    const { of, by, order } = asked(v.query);
    const shown = shownOf(v.query, usualTime);
    const found = await deps.metrics.top({
      ...{ of, by, order, most: mostShown, lines: true },
      ...v.scope,
      rangeMs: shown.ms,
      ...(shown.key ? {} : { toMs: shown.toMs }),
    });
    const { fromMs, toMs, measured, total, sum } = found;
    const rows = found.items.map((one) => rowOf(ctx, one, by));
    return {
      title: v.t.top.title,
      fragments: topPage(v, { of, by, order, fromMs, toMs, measured, total, sum, rows }),
    };
  },
};

/** What the address asks for. What makes no sense counts as not said. */
function asked(query: URLSearchParams): Pick<TopData, "of" | "by" | "order"> {
  const one = <T extends string>(name: string, all: readonly T[]) =>
    all.find((value) => value === query.get(name)) ?? all[0]!;
  const of: TopKind = one("of", topKinds);
  return { of, by: one("by", measuresOf(of)), order: one("order", ordersOf(of)) };
}

function rowOf({ deps }: PageContext, { others: _, owner: _owner, ...one }: Top, by: TopMeasure): TopRow {
  const { cluster, namespace, name } = one;
  const key = keyOfKind(one.kind);
  const row = key && deps.datasource.get(key, { cluster, name, ...(namespace ? { namespace } : {}) });
  if (!row || !key) {
    // A kind that the agent may not list still shows by its pods.
    const owner = { kind: one.kind, namespace, name };
    const known = key !== undefined && !awaitedLists(deps.datasource, cluster, key);
    const gone = known && (key === "pod" || deps.datasource.podsOf(cluster, { owner }).length === 0);
    return { ...one, gone, requested: Number.NaN };
  }
  const pod = key === "pod" ? (row.item as Pod) : undefined;
  // Another of the same name, as StatefulSets make them, is not this one.
  const now = pod?.summary.cgroupUID ?? pod?.summary.uid;
  const gone = now !== undefined && one.uid !== undefined && now !== one.uid;
  return { ...one, gone, requested: gone ? Number.NaN : requestedOf(key, row.item, by) };
}

/** What a pod asks for, or all pods of a workload together as many as there should be. */
function requestedOf(key: KindKey, item: ItemOf[KindKey], by: TopMeasure): number {
  const { containers, template, spec, summary } = item as {
    containers?: Pod["containers"];
    template?: { containers?: Pod["containers"] } | null;
    spec?: { replicas?: number | null } | null;
    summary: { replicas?: number; desired?: number };
  };
  const { cpuRequest, memoryRequest } = boundsOf(key === "pod" ? containers : template?.containers);
  const one = by === "cpu" ? cpuRequest : memoryRequest;
  const pods = key === "pod" ? 1 : (spec?.replicas ?? summary.desired ?? summary.replicas ?? Number.NaN);
  return one * pods;
}
