import { findCluster, removeCluster } from "../../database/clusters.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

export const clusterRemove: Action = {
  path: "/clusters",
  do: "remove",
  role: "admin",
  where: (form) => ({ cluster: form.get("id") ?? "" }),
  async run({ deps, form, audited }) {
    const id = form.get("id") ?? "";
    const found = await findCluster(deps.database, { id });
    if (!found) throw problem(404, "there is no such cluster");
    await audited(
      { action: "cluster.remove", tenant: found.tenant, cluster: id, object: `cluster ${found.name}` },
      () => removeCluster(deps.database, id),
    );
    await deps.refreshClusters();
    return { to: "/clusters" };
  },
};
