import { findCluster } from "../../database/clusters.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";
import { rightsOf, startEnrolment } from "../enrolling.ts";
import { publicUrl, siteOf } from "../public-url.ts";

/** A new line for a cluster whose last one has expired, or whose agent is to be set up anew. */
export const clusterEnrol: Action = {
  path: "/clusters",
  do: "enrol",
  role: "admin",
  where: (form) => ({ cluster: form.get("id") ?? "" }),
  async run({ deps, form, request, audited }) {
    const found = await findCluster(deps.database, { id: form.get("id") ?? "" });
    if (!found) throw problem(404, "there is no such cluster");
    if (deps.config.agentImage === "") throw problem(422, "ATLHYPER_AGENT_IMAGE is not set on the master");
    const rights = rightsOf(form);
    const object = `cluster ${found.name}`;
    const enrolment = await audited(
      { action: "enrolment.begin", cluster: found.id, object, detail: { rights } },
      () => startEnrolment(deps, found.id, rights),
    );
    deps.datasource.changed(found.id, "clusters");
    return { shown: { name: found.name, url: publicUrl(deps, siteOf(request)), enrolment } };
  },
};
