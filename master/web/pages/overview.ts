import { virtualInterfaces } from "../../../views/pages/detail/node-charts.ts";
import { overviewPage, wrongThings } from "../../../views/pages/overview.ts";
import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import { markedOf } from "./detail/marks.ts";
import { momentOf } from "./detail/moment.ts";
import { overTime } from "./detail/past.ts";
import { maintained } from "./maintenance.ts";
import type { Page, PageContext } from "../page.ts";

/** Of these, those that are problems now are not shown again. */
const warningsRead = 40;

export const overview: Page = {
  path: "/",
  nav: "overview",
  topics: ["alerts", "metrics", "node", "pod", "events", "clusters", "status"],
  load(ctx) {
    const { v, deps } = ctx;
    const { datasource } = deps;
    const shown = v.clusters.filter((one) => v.scope.cluster === undefined || one.id === v.scope.cluster);
    const problems = datasource.problems(v.scope);
    const clusters = shown.map((view) => ({
      view,
      nodes: datasource.list("node", { cluster: view.id, limit: 1000, sort: "name" }).items,
      loads: new Map(
        datasource.allLatestMetrics(view.id).map((one) => [one.snapshot.nodeName, loads(one.snapshot)]),
      ),
    }));
    const title = v.t.nav.overview;
    const alerts = deps.alerts.list({ ...v.scope, state: "firing", muted: false });
    const wrong = wrongThings(problems, alerts).length;
    return {
      title: wrong > 0 ? `(${wrong}) ${title}` : title,
      fragments: overviewPage(v, {
        clusters,
        problems,
        alerts,
        maintained: maintained(ctx),
        warnings: deps.history.recentWarnings(warningsRead, v.scope),
        host: hostOf(ctx, shown),
        marked: markedIn(ctx, shown),
        ...usageOf(ctx, shown),
      }),
    };
  },
};

/** What the one cluster that is shown used over the time that the address names, and at its moment. */
function usageOf(ctx: PageContext, shown: PageContext["v"]["clusters"]) {
  const [only] = shown;
  if (!only || shown.length > 1 || only.flavour === "host") return {};
  const ref = { cluster: only.id, kind: "Cluster", name: "" };
  return { usage: overTime(ctx, ref), moment: momentOf(ctx, ref) };
}

/** What happened in the one cluster that is shown, or on the one machine. */
function markedIn(ctx: PageContext, shown: PageContext["v"]["clusters"]) {
  const [only] = shown;
  return only && shown.length === 1 ? markedOf(ctx, only.id) : undefined;
}

/** The one machine without Kubernetes, where nothing else is connected. */
function hostOf({ deps }: PageContext, shown: PageContext["v"]["clusters"]) {
  const [only] = shown;
  if (!only || shown.length > 1 || only.flavour !== "host") return undefined;
  const snapshot = deps.datasource.allLatestMetrics(only.id)[0]?.snapshot;
  const node = snapshot?.nodeName;
  const recent = node === undefined ? undefined : deps.datasource.recentMetrics(only.id, node);
  return node !== undefined && recent
    ? { cluster: only.id, node, recent, virtual: virtualInterfaces(snapshot) }
    : undefined;
}

/** How busy a node is: shares of CPU, memory and its fullest disk, NaN where not measured. */
function loads({ cpu, memory, disk }: NodeMetricsSnapshot): { cpu: number; memory: number; disk: number } {
  const full = (disk ?? []).map((one) => one.usage ?? one.used / one.total).filter(Number.isFinite);
  return {
    cpu: cpu?.usage ?? Number.NaN,
    memory: memory ? (memory.usage ?? memory.used / memory.total) : Number.NaN,
    disk: full.length > 0 ? Math.max(...full) : Number.NaN,
  };
}
