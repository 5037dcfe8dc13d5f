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
import { listClusters } from "../../database/clusters.ts";
import { pendingEnrolments } from "../enrolling.ts";
import { tenantNames } from "../granting.ts";
import type { Page } from "../page.ts";

export const clustersPage: Page = {
  path: "/clusters",
  nav: "clusters",
  topics: ["clusters", "status"],
  async load({ v, deps, user, form }) {
    const names = await tenantNames(deps, user);
    const all = await listClusters(deps.database);
    const tenants = { names, owners: new Map(all.map((one) => [one.id, one.tenant])) };
    const addTo = [...names].filter(([tenant]) => v.admin({ tenant }));
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
    if (may(v, "admin"))
      fragments.pending = pendingClusters(
        v,
        await pendingEnrolments(deps, (cluster) => v.admin({ cluster })),
      );
    const image = deps.config.agentImage !== "";
    fragments.clusters = clustersTable(v, tenants);
    if (addTo.length > 0) fragments.add = addCluster(v, image, addTo, form);
    if (may(v, "admin")) fragments.dialogs = clusterDialogs(v, image, tenants, form);
    return { title: v.t.clusters.title, fragments };
  },
};
