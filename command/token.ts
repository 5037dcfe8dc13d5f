import type { Environment } from "../kit/env.ts";
import { type Role, roles } from "../master/access/principal.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { createToken, listTokens, revokeToken } from "../master/database/tokens.ts";
import { type Command, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { withDatabase } from "./with-database.ts";

export const token: Command = {
  usage: "token create --name N --role R | list | revoke ID",
  summary: "creates, lists or revokes API tokens",
  options: { "--name": "what the token is for", "--role": `what it may do: ${roles.join(", ")}` },
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...args]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    const { options, rest } = takeOptions(args, ["name", "role"]);
    switch (action) {
      case "create": {
        expectNoMore(rest);
        const { name, role } = options;
        if (!name) throw new UsageError("--name says what the token is for");
        if (!roles.includes(role as Role)) throw new UsageError(`--role must be one of ${roles.join(", ")}`);
        // The token alone on standard output, so that scripts can take it.
        print(
          await withDatabase(config, (db, audited) =>
            audited({ action: "token.create", object: `token ${name}`, detail: { role } }, () =>
              createToken(db, { name, role: role as Role }),
            ),
          ),
        );
        process.stderr.write("\nIt is shown only now. Send it as: Authorization: Bearer <token>\n");
        return 0;
      }
      case "list":
        expectNoMore(rest);
        await withDatabase(config, async (db) => {
          for (const one of await listTokens(db, { kind: "api" }))
            print(`${one.id}\t${one.name}\t${one.role}\t${new Date(one.createdMs).toISOString()}`);
        });
        return 0;
      case "revoke": {
        const [id, ...more] = rest;
        expectNoMore(more);
        await withDatabase(config, async (db, audited) => {
          const found = (await listTokens(db)).find((one) => one.id === id);
          if (!found) throw new UsageError("there is no token with that id: see `atlhyper token list`");
          await audited({ action: "token.revoke", object: `token ${found.name}` }, () =>
            revokeToken(db, found.id),
          );
        });
        return 0;
      }
      default:
        throw new UsageError("what to do is missing: create, list or revoke");
    }
  },
};
