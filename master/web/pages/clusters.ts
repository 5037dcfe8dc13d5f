import type { Html } from "../../../views/html.ts";
import {
  addCluster,
  addedCluster,
  clusterDialogs,
  clustersHead,
  clustersTable,
} from "../../../views/pages/clusters.ts";
import { enrolmentLine, pendingClusters } from "../../../views/pages/enrolment.ts";
import { may } from "../../../views/viewing.ts";
import { pendingEnrolments } from "../enrolling.ts";
import type { Page } from "../page.ts";

export const clustersPage: Page = {
  path: "/clusters",
  nav: "clusters",
  topics: ["clusters", "status"],
  async load({ v, deps, form }) {
    const fragments: Record<string, Html> = { head: clustersHead(v) };
    if (form?.shown.token)
      fragments.added = addedCluster(
        v,
        form.shown.name!,
        form.shown.url!,
        form.shown.token,
        form.shown.rotated !== undefined,
      );
    if (form?.shown.enrolment)
      fragments.added = enrolmentLine(v, form.shown.name!, form.shown.url!, form.shown.enrolment);
    if (may(v, "admin")) fragments.pending = pendingClusters(v, await pendingEnrolments(deps));
    const image = deps.config.agentImage !== "";
    fragments.clusters = clustersTable(v, image);
    if (may(v, "admin")) {
      fragments.add = addCluster(v, image, form);
      fragments.dialogs = clusterDialogs(v, form);
    }
    return { title: v.t.clusters.title, fragments };
  },
};
