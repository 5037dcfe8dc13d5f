import type { Environment } from "../kit/env.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { addTenant, listTenants, removeTenant, renameTenant } from "../master/database/tenants.ts";
import { type Command, expectNoMore, print, UsageError } from "./command.ts";
import { tenantNamed } from "./grant-options.ts";
import { withDatabase } from "./with-database.ts";

/** Who owns clusters. */
export const tenant: Command = {
  usage: "tenant list | add NAME | rename NAME NEW | remove NAME",
  summary: "lists, adds, renames and removes tenants, which own clusters",
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...args]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    const [name, ...rest] = args;
    if (action === "list") {
      expectNoMore(args);
      await withDatabase(config, async (db) => {
        for (const one of await listTenants(db)) print(`${one.name}\t${one.clusters} clusters`);
      });
      return 0;
    }
    if (!["add", "rename", "remove"].includes(action ?? "") || name === undefined)
      throw new UsageError("what to do with which tenant is missing");
    const to = action === "rename" ? rest.shift() : undefined;
    if (action === "rename" && to === undefined) throw new UsageError("the new name is missing");
    expectNoMore(rest);
    await withDatabase(config, async (db, audited) => {
      const object = `tenant ${name}`;
      if (action === "add")
        return audited(
          (id) => ({ action: "tenant.add", tenant: id, object }),
          () => addTenant(db, name),
        );
      const id = await tenantNamed(db, name);
      if (action === "remove")
        return audited({ action: "tenant.remove", tenant: id, object }, () => removeTenant(db, id));
      return audited({ action: "tenant.rename", tenant: id, object, detail: { to } }, () =>
        renameTenant(db, id, to!),
      );
    });
    return 0;
  },
};
