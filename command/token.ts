import type { Environment } from "../kit/env.ts";
import { granted } from "../master/audit/granted.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { createToken, listTokens, revokeToken } from "../master/database/tokens.ts";
import { type Command, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { grantOfOptions, grantOptionNames, grantOptions, grantText, placeNames } from "./grant-options.ts";
import { withDatabase } from "./with-database.ts";

export const token: Command = {
  usage:
    "token create --name N --role R [--read-only] [--days N] [--tenant T] [--cluster C] [--namespaces A,B] | list | revoke ID",
  summary: "creates, lists or revokes API tokens",
  options: {
    "--name": "what the token is for",
    ...grantOptions,
    "--read-only": "it changes nothing, whatever its role",
    "--days": "it ends after so many days; never by default",
  },
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...given]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    const readOnly = given.includes("--read-only");
    const args = given.filter((one) => one !== "--read-only");
    const { options, rest } = takeOptions(args, ["name", "days", ...grantOptionNames]);
    switch (action) {
      case "create": {
        expectNoMore(rest);
        const { name } = options;
        if (!name) throw new UsageError("--name says what the token is for");
        const days = options.days === undefined ? undefined : Number(options.days);
        if (days !== undefined && (!Number.isInteger(days) || days < 1 || days > 3650))
          throw new UsageError("--days must be a whole number from 1 to 3650");
        const expires = days === undefined ? {} : { expiresMs: Date.now() + days * 86_400_000 };
        // The token alone on standard output, so that scripts can take it.
        print(
          await withDatabase(config, async (db, audited) => {
            const grant = await grantOfOptions(db, options);
            const said = granted(grant, readOnly ? { readOnly } : {});
            return audited({ action: "token.create", object: `token ${name}`, ...said }, () =>
              createToken(db, { ...grant, ...expires, name, readOnly }),
            );
          }),
        );
        process.stderr.write("\nIt is shown only now. Send it as: Authorization: Bearer <token>\n");
        return 0;
      }
      case "list":
        expectNoMore(rest);
        await withDatabase(config, async (db) => {
          const names = await placeNames(db);
          for (const one of await listTokens(db, { kind: "api" })) {
            const what = `${grantText(one.grant!, names)}${one.readOnly ? ", reads only" : ""}`;
            const whose = one.owner ? `of ${one.owner.name}` : "nobody's";
            print(`${one.id}\t${one.name}\t${what}\t${whose}\t${new Date(one.createdMs).toISOString()}`);
          }
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
