import { shownOf } from "../../../../views/parts/range.ts";
import type { SubjectRef } from "../../../history/reader.ts";
import type { PageContext } from "../../page.ts";
import { nodePage } from "../../../../views/pages/detail/node.ts";
import type { RecentMetrics } from "../../../../views/model.ts";
import { markedOf } from "./marks.ts";
import { momentOf } from "./moment.ts";
import { busiestIn, pastOf } from "./past.ts";
import { eventsOf, objectPage, problemsWith } from "./object.ts";

/** What the overview draws: four charts of all that there are. */
const onOverview = ({ group }: { group: string }) => /^(cpu$|memory$|net |io )/.test(group);

export const nodeDetail = objectPage("node", "nodes", ["metrics", "pod"], (found) => {
  const { deps, row, cluster, name, v } = found;
  // Its own events on the overview, everything that happened on it on their tab.
  const query = v.query.get("tab") === "events" ? { cluster, node: name } : { cluster, kind: "Node", name };
  const ref = { cluster, kind: "Node", name };
  const whole = v.query.get("tab") === "metrics";
  const past = pastOf(found, ref, whole ? undefined : onOverview);
  return nodePage(v, {
    row,
    pods: deps.datasource.podsOf(cluster, { node: name }),
    ...eventsOf(found, query),
    problems: problemsWith(found, cluster, [{ kind: "Node", name }]),
    metrics: deps.datasource.latestMetrics(cluster, name),
    recent: past ?? deps.datasource.recentMetrics(cluster, name) ?? silent(found, ref),
    filling: fillingOf(found, ref),
    marked: markedOf(found, cluster, [{ kind: "Node", namespace: "", name }]),
    busiest: whole ? busiestIn(found, ref, past) : undefined,
    moment: momentOf(found, ref),
    host: deps.datasource.cluster(cluster)?.flavour === "host",
  });
});

/** Charts of nothing: of a node that was measured, and is not now, the time before can be gone to. */
function silent({ v, deps }: Pick<PageContext, "v" | "deps">, ref: SubjectRef): RecentMetrics | undefined {
  const known = deps.metrics.seriesOf(ref, { fromMs: v.now, toMs: v.now, stepMs: 0 });
  return known && { times: new Float64Array(0), groups: [] };
}

/** At the rate of some hours where these are looked at, or where no more is known; else of a week. */
function fillingOf({ v, deps }: Pick<PageContext, "v" | "deps">, ref: SubjectRef) {
  const week = shownOf(v.query).ms <= 86_400_000 ? undefined : deps.metrics.capacity(ref, "7d");
  if (week?.some((one) => Number.isFinite(one.perDay))) return { time: "7d" as const, all: week };
  return { time: "6h" as const, all: deps.metrics.capacity(ref, "6h") };
}
