import { problem } from "../../../wire/problem.ts";
import { findCluster } from "../../database/clusters.ts";
import { rotateClusterToken } from "../../database/tokens.ts";
import type { Action } from "../action.ts";
import { publicUrl, siteOf } from "../public-url.ts";

const hourMs = 3_600_000;

/** A new token beside the old, which ends later, or now. It is in this one answer, and nowhere after it. */
export const clusterRotate: Action = {
  path: "/clusters",
  do: "rotate",
  role: "admin",
  where: (form) => ({ cluster: form.get("id") ?? "" }),
  async run({ deps, form, request, audited }) {
    const id = form.get("id") ?? "";
    const found = await findCluster(deps.database, { id });
    if (!found) throw problem(404, "there is no such cluster");
    const hours = Number(form.get("hours") ?? 24);
    const keepMs = (Number.isInteger(hours) && hours >= 0 && hours <= 720 ? hours : 24) * hourMs;
    const { token } = await audited(
      ({ endsMs }) => ({
        action: "cluster.rotate",
        cluster: id,
        object: `cluster ${found.name}`,
        detail: { oldEnds: new Date(endsMs).toISOString() },
      }),
      () => rotateClusterToken(deps.database, id, keepMs),
    );
    return {
      shown: { name: found.name, token, url: publicUrl(deps, siteOf(request)), rotated: String(hours) },
    };
  },
};
