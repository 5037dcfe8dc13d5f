import type { Environment } from "../kit/env.ts";
import { passwordRules } from "../master/access/password-rules.ts";
import { argon2Default, checkNewPassword, Passwords } from "../master/access/password.ts";
import { granted } from "../master/audit/granted.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { removeSecondFactor, usersWithSecondFactor } from "../master/database/second-factors.ts";
import { removeSessionsOf } from "../master/database/sessions.ts";
import { findUser, listUsers, setPasswordHash } from "../master/database/users.ts";
import { isWithin } from "../master/access/grants.ts";
import { addGrant, listGrants, removeGrant } from "../master/database/grants.ts";
import { type Command, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { grantOfOptions, grantOptionNames, grantOptions, grantText, placeNames } from "./grant-options.ts";
import { withDatabase } from "./with-database.ts";

/** What helps who cannot sign in any more, on the master's own machine. */
export const user: Command = {
  usage:
    "user list | grant NAME --role R [--tenant T] [--cluster C] [--namespaces A,B] | ungrant NAME [same] | set-password NAME | reset-second-factor NAME",
  summary:
    "lists users and their roles; gives and takes roles; sets a password, read from standard input; switches a second factor off",
  options: grantOptions,
  variables: {
    data: masterVariables.data,
    auditKey: masterVariables.auditKey,
    passwordLength: masterVariables.passwordLength,
    passwordBreached: masterVariables.passwordBreached,
  },
  async run([action, ...given]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    const { options, rest: args } = takeOptions(given, grantOptionNames);
    if (action === "list") {
      expectNoMore(args);
      await withDatabase(config, async (db) => {
        const second = await usersWithSecondFactor(db);
        const names = await placeNames(db);
        for (const one of await listUsers(db)) {
          const roles = one.grants.map((grant) => grantText(grant, names)).join("; ") || "no role";
          const seen = one.lastSignInMs ? new Date(one.lastSignInMs).toISOString() : "never signed in";
          print(`${one.name}\t${roles}\t${second.has(one.id) ? "second factor" : "password alone"}\t${seen}`);
        }
      });
      return 0;
    }
    const [name, ...rest] = args;
    if (
      !["grant", "ungrant", "set-password", "reset-second-factor"].includes(action ?? "") ||
      name === undefined
    )
      throw new UsageError("what to do with which user is missing");
    expectNoMore(rest);
    await withDatabase(config, async (db, audited) => {
      const found = await findUser(db, { name });
      if (!found) throw new UsageError(`there is no user named ${name}: see \`atlhyper user list\``);
      const object = `user ${found.name}`;
      if (action === "grant" || action === "ungrant") {
        const grant = await grantOfOptions(db, options);
        const deed = { object, ...granted(grant) };
        if (action === "grant")
          return void (await audited({ action: "user.grant", ...deed }, () => addGrant(db, found.id, grant)));
        const same = (await listGrants(db, { userID: found.id })).find(
          (one) => isWithin(one, grant) && isWithin(grant, one),
        );
        if (!same) throw new UsageError(`${found.name} has no such role: see \`atlhyper user list\``);
        await audited({ action: "user.ungrant", ...deed }, async () => {
          if (!(await removeGrant(db, same.id)))
            throw new UsageError("this is the only administrator: make somebody else one first");
        });
        return;
      }
      if (action === "reset-second-factor") {
        await audited({ action: "user.second-factor", object, detail: { to: "reset" } }, () =>
          removeSecondFactor(db, found.id),
        );
        return;
      }
      // Not as an argument: those stand in the list of processes and in the shell's history.
      if (process.stdin.isTTY) process.stderr.write("The new password, then Enter: ");
      const [password = ""] = (await readLine()).split("\n");
      checkNewPassword(password, found.name, passwordRules(config));
      const hash = await new Passwords(argon2Default).hash(password);
      await audited({ action: "user.password", object }, async () => {
        await setPasswordHash(db, found.id, hash, Date.now());
        await removeSessionsOf(db, found.id);
      });
    });
    process.stderr.write("Done.\n");
    return 0;
  },
};

async function readLine(): Promise<string> {
  let text = "";
  for await (const chunk of Bun.stdin.stream()) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("\n")) break;
  }
  return text;
}
