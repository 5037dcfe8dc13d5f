import type { Html } from "../../../views/html.ts";
import {
  addCluster,
  addedCluster,
  clusterDialogs,
  clustersHead,
  clustersTable,
} from "../../../views/pages/clusters.ts";
import { may } from "../../../views/viewing.ts";
import type { Page } from "../page.ts";

export const clustersPage: Page = {
  path: "/clusters",
  nav: "clusters",
  topics: ["clusters", "status"],
  load({ v, form }) {
    const fragments: Record<string, Html> = { head: clustersHead(v) };
    if (form?.shown.token)
      fragments.added = addedCluster(v, form.shown.name!, form.shown.url!, form.shown.token);
    fragments.clusters = clustersTable(v);
    if (may(v, "admin")) {
      fragments.add = addCluster(v, form);
      fragments.dialogs = clusterDialogs(v, form);
    }
    return { title: v.t.clusters.title, fragments };
  },
};
