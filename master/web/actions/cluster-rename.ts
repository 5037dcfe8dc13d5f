import { findCluster, renameCluster } from "../../database/clusters.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

export const clusterRename: Action = {
  path: "/clusters",
  do: "rename",
  role: "admin",
  where: (form) => ({ cluster: form.get("id") ?? "" }),
  async run({ deps, form, audited }) {
    const id = form.get("id") ?? "";
    const to = form.get("name")?.trim() ?? "";
    const found = await findCluster(deps.database, { id });
    if (!found) throw problem(404, "there is no such cluster");
    await audited(
      { action: "cluster.rename", cluster: id, object: `cluster ${found.name}`, detail: { to } },
      () => renameCluster(deps.database, id, to),
    );
    await deps.refreshClusters();
    return { to: "/clusters" };
  },
};
