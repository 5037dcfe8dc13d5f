import { removeCluster } from "../../database/clusters.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";

export const clusterRemove: Action = {
  path: "/clusters",
  do: "remove",
  role: "admin",
  async run({ deps, form }) {
    const id = form.get("id") ?? "";
    if (!(await removeCluster(deps.database, id))) throw problem(404, "there is no such cluster");
    await deps.refreshClusters();
    await deps.history.forget(id);
    return { to: "/clusters" };
  },
};
