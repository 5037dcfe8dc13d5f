import { addCluster } from "../../database/clusters.ts";
import { publicUrl, siteOf } from "../public-url.ts";
import type { Action } from "../action.ts";

/** The token is in this one answer, and nowhere after it. */
export const clusterAdd: Action = {
  path: "/clusters",
  do: "add",
  role: "admin",
  async run({ deps, form, request, audited }) {
    const name = form.get("name")?.trim() ?? "";
    const { token } = await audited(
      ({ id }) => ({ action: "cluster.add", cluster: id, object: `cluster ${name}` }),
      () => addCluster(deps.database, name),
    );
    await deps.refreshClusters();
    return { shown: { name, token, url: publicUrl(deps, siteOf(request)) } };
  },
};
