import { problem } from "../../../wire/problem.ts";
import { findCluster } from "../../database/clusters.ts";
import { addTenant, findTenant, moveCluster, removeTenant, renameTenant } from "../../database/tenants.ts";
import type { Action, ActionContext } from "../action.ts";

/** What the installation's administrators do with tenants. */
export const tenantAdd: Action = {
  path: "/settings",
  do: "tenant-add",
  role: "admin",
  where: () => ({}),
  async run({ deps, form, audited }) {
    const name = form.get("name") ?? "";
    await audited(
      (id) => ({ action: "tenant.add", tenant: id, object: `tenant ${name.trim()}` }),
      () => addTenant(deps.database, name),
    );
    return { to: "/settings#tenants" };
  },
};

export const tenantRename: Action = {
  path: "/settings",
  do: "tenant-rename",
  role: "admin",
  where: () => ({}),
  async run(ctx) {
    const { id, name } = await chosenTenant(ctx);
    const to = (ctx.form.get("name") ?? "").trim();
    await ctx.audited({ action: "tenant.rename", tenant: id, object: `tenant ${name}`, detail: { to } }, () =>
      renameTenant(ctx.deps.database, id, to),
    );
    return { to: "/settings#tenants" };
  },
};

export const tenantRemove: Action = {
  path: "/settings",
  do: "tenant-remove",
  role: "admin",
  where: () => ({}),
  async run(ctx) {
    const { id, name } = await chosenTenant(ctx);
    await ctx.audited({ action: "tenant.remove", tenant: id, object: `tenant ${name}` }, () =>
      removeTenant(ctx.deps.database, id),
    );
    return { to: "/settings#tenants" };
  },
};

/** Gives a cluster to another tenant. Both tenants' administrators read of it. */
export const clusterMove: Action = {
  path: "/clusters",
  do: "move",
  role: "admin",
  where: () => ({}),
  async run({ deps, form, audited }) {
    const found = await findCluster(deps.database, { id: form.get("id") ?? "" });
    const to = await findTenant(deps.database, { id: form.get("tenant") ?? "" });
    if (!found || !to) throw problem(404, "there is no such cluster or tenant");
    const deed = { action: "cluster.move", cluster: found.id, object: `cluster ${found.name}` };
    await audited({ ...deed, tenant: found.tenant, detail: { to: to.name } }, () =>
      moveCluster(deps.database, found.id, to.id),
    );
    await deps.refreshClusters();
    return { to: "/clusters" };
  },
};

async function chosenTenant({ deps, form }: ActionContext) {
  const found = await findTenant(deps.database, { id: form.get("id") ?? "" });
  if (!found) throw problem(404, "there is no such tenant");
  return found;
}
