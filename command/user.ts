import type { Environment } from "../kit/env.ts";
import { argon2Default, checkNewPassword, Passwords } from "../master/access/password.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { removeSecondFactor, usersWithSecondFactor } from "../master/database/second-factors.ts";
import { removeSessionsOf } from "../master/database/sessions.ts";
import { findUser, listUsers, setPasswordHash } from "../master/database/users.ts";
import { type Command, expectNoMore, print, UsageError } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** What helps who cannot sign in any more, on the master's own machine. */
export const user: Command = {
  usage: "user list | set-password NAME | reset-second-factor NAME",
  summary: "lists users; sets a password, read from standard input; switches a second factor off",
  variables: { data: masterVariables.data, auditKey: masterVariables.auditKey },
  async run([action, ...args]: string[], environment: Environment) {
    const config = readMasterConfig(environment);
    if (action === "list") {
      expectNoMore(args);
      await withDatabase(config, async (db) => {
        const second = await usersWithSecondFactor(db);
        for (const one of await listUsers(db)) {
          const seen = one.lastSignInMs ? new Date(one.lastSignInMs).toISOString() : "never signed in";
          print(
            `${one.name}\t${one.role}\t${second.has(one.id) ? "second factor" : "password alone"}\t${seen}`,
          );
        }
      });
      return 0;
    }
    const [name, ...rest] = args;
    if ((action !== "set-password" && action !== "reset-second-factor") || name === undefined)
      throw new UsageError("what to do with which user is missing");
    expectNoMore(rest);
    await withDatabase(config, async (db, audited) => {
      const found = await findUser(db, { name });
      if (!found) throw new UsageError(`there is no user named ${name}: see \`atlhyper user list\``);
      const object = `user ${found.name}`;
      if (action === "reset-second-factor") {
        await audited({ action: "user.second-factor", object, detail: { to: "reset" } }, () =>
          removeSecondFactor(db, found.id),
        );
        return;
      }
      // Not as an argument: those stand in the list of processes and in the shell's history.
      if (process.stdin.isTTY) process.stderr.write("The new password, then Enter: ");
      const [password = ""] = (await readLine()).split("\n");
      checkNewPassword(password);
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
