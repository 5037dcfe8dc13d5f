import { addCluster } from "../../database/clusters.ts";
import { defaultTenant, findTenant } from "../../database/tenants.ts";
import { listTokens, revokeToken } from "../../database/tokens.ts";
import { problem } from "../../../wire/problem.ts";
import type { Action } from "../action.ts";
import { rightsOf, startEnrolment } from "../enrolling.ts";
import { publicUrl, siteOf } from "../public-url.ts";

/** The token is in this one answer, and nowhere after it. */
export const clusterAdd: Action = {
  path: "/clusters",
  do: "add",
  role: "admin",
  where: (form) => ({ tenant: form.get("tenant") ?? defaultTenant }),
  async run({ deps, form, request, audited }) {
    const { database } = deps;
    const name = form.get("name")?.trim() ?? "";
    const tenant = form.get("tenant") ?? defaultTenant;
    if (!(await findTenant(database, { id: tenant }))) throw problem(404, "there is no such tenant");
    const enrol = form.get("way") === "kubectl" && deps.config.agentImage !== "";
    const rights = rightsOf(form);
    const deed = (id: string) => ({
      action: "cluster.add",
      tenant,
      cluster: id,
      object: `cluster ${name}`,
      detail: enrol ? { way: "kubectl", rights } : { way: "anywhere" },
    });
    const url = publicUrl(deps, siteOf(request));
    const shown = await audited(
      ({ id }) => deed(id),
      async (): Promise<{ id: string } & Record<string, string>> => {
        const { id, token } = await addCluster(database, name, "kubernetes", undefined, tenant);
        if (!enrol) return { id, name, url, token };
        // Its agent gets a token of its own by exchange: one that nobody uses must not lie around.
        for (const one of await listTokens(database, { cluster: id })) await revokeToken(database, one.id);
        return { id, name, url, enrolment: await startEnrolment(deps, id, rights) };
      },
    );
    await deps.refreshClusters();
    return { shown };
  },
};
