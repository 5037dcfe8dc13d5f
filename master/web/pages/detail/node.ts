import { nodePage } from "../../../../views/pages/detail/node.ts";
import { eventsOf, objectPage, problemsWith } from "./object.ts";

export const nodeDetail = objectPage("node", "nodes", ["metrics", "pod"], (found) => {
  const { deps, row, cluster, name, v } = found;
  // Its own events on the overview, everything that happened on it on their tab.
  const query = v.query.get("tab") === "events" ? { cluster, node: name } : { cluster, kind: "Node", name };
  return nodePage(v, {
    row,
    pods: deps.datasource.podsOf(cluster, { node: name }),
    ...eventsOf(found, query),
    problems: problemsWith(found, cluster, [{ kind: "Node", name }]),
    metrics: deps.datasource.latestMetrics(cluster, name),
    recent: deps.datasource.recentMetrics(cluster, name),
    host: deps.datasource.cluster(cluster)?.flavour === "host",
  });
});
