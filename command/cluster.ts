import type { Environment } from "../kit/env.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { addCluster, findCluster, listClusters, removeCluster } from "../master/database/clusters.ts";
import { rotateClusterToken } from "../master/database/tokens.ts";
import { moveCluster } from "../master/database/tenants.ts";
import { type Command, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { placeNames, tenantNamed } from "./grant-options.ts";
import { withDatabase } from "./with-database.ts";

const { data, publicUrl, host, port, tlsCert, tlsKey, auditKey } = masterVariables;

const dayMs = 86_400_000;

export const cluster: Command = {
  usage: "cluster add NAME [--tenant T] | list | move NAME --tenant T | rotate NAME | remove NAME",
  summary:
    "adds a cluster and prints its agent's token, lists, gives it to another tenant, gives a new token (the old ends in a day), removes",
  options: { "--tenant": "whose it is; the default tenant's if not said" },
  variables: { data, publicUrl, host, port, tlsCert, tlsKey, auditKey },
  async run([action, ...given]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    const { options, rest: args } = takeOptions(given, ["tenant"]);
    if (action === "list") {
      expectNoMore(args);
      await withDatabase(config, async (db) => {
        const { tenants } = await placeNames(db);
        for (const one of await listClusters(db)) {
          const seen = one.lastSeenMs ? new Date(one.lastSeenMs).toISOString() : "never seen";
          print(`${one.name}\t${one.flavour}\t${seen}\t${tenants.get(one.tenant)}`);
        }
      });
      return 0;
    }
    const [name, ...rest] = args;
    if (!["add", "move", "remove", "rotate"].includes(action ?? "") || name === undefined)
      throw new UsageError("what to do with which cluster is missing");
    expectNoMore(rest);
    if (action === "move") {
      await withDatabase(config, async (db, audited) => {
        const found = await findCluster(db, { name });
        if (!found) throw new UsageError(`there is no cluster named ${name}`);
        if (options.tenant === undefined) throw new UsageError("--tenant says whose it is to be");
        const to = await tenantNamed(db, options.tenant);
        const deed = { action: "cluster.move", cluster: found.id, object: `cluster ${found.name}` };
        await audited({ ...deed, tenant: found.tenant, detail: { to: options.tenant } }, () =>
          moveCluster(db, found.id, to),
        );
      });
      return 0;
    }
    if (action === "rotate") {
      const { token } = await withDatabase(config, async (db, audited) => {
        const found = await findCluster(db, { name });
        if (!found) throw new UsageError(`there is no cluster named ${name}`);
        return audited({ action: "cluster.rotate", cluster: found.id, object: `cluster ${found.name}` }, () =>
          rotateClusterToken(db, found.id, dayMs),
        );
      });
      print(token);
      process.stderr.write("\nIt is shown only now. The tokens from before end in 24 hours.\n");
      return 0;
    }
    if (action === "remove") {
      await withDatabase(config, async (db, audited) => {
        const found = await findCluster(db, { name });
        if (!found) throw new UsageError(`there is no cluster named ${name}`);
        await audited(
          {
            action: "cluster.remove",
            tenant: found.tenant,
            cluster: found.id,
            object: `cluster ${found.name}`,
          },
          () => removeCluster(db, found.id),
        );
      });
      return 0;
    }
    const { token } = await withDatabase(config, async (db, audited) => {
      const tenant = options.tenant === undefined ? undefined : await tenantNamed(db, options.tenant);
      return audited(
        ({ id }) => ({ action: "cluster.add", cluster: id, object: `cluster ${name}` }),
        () => addCluster(db, name, undefined, undefined, tenant),
      );
    });
    // The token alone on standard output, so that scripts can take it.
    print(token);
    const url = config.publicUrl || `${config.tlsCert ? "https" : "http"}://${config.host}:${config.port}`;
    process.stderr.write(
      `\nIt is shown only now. Start the cluster's agent with it:\n\n  ATLHYPER_MASTER_URL=${url} ATLHYPER_TOKEN=<token> bun main.ts agent\n`,
    );
    return 0;
  },
};
