import { renameCluster } from "../../database/clusters.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

export const clusterRename: Action = {
  path: "/clusters",
  do: "rename",
  role: "admin",
  async run({ deps, form }) {
    if (!(await renameCluster(deps.database, form.get("id") ?? "", form.get("name") ?? "")))
      throw problem(404, "there is no such cluster");
    await deps.refreshClusters();
    return { to: "/clusters" };
  },
};
