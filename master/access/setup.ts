import { problem } from "../../wire/problem.ts";
import { isTaken } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { replaceSetupToken, takeSetupToken } from "../database/setup.ts";
import { looksLikeToken, randomToken, tokenHash } from "../database/token.ts";
import { addUser, anyUser, finishFirstUser, removeUnfinishedUsers, userSignedIn } from "../database/users.ts";
import type { Access } from "./access.ts";
import { checkUserName, type Passwords } from "./password.ts";
import type { Sessions } from "./sessions.ts";

/** The name that the first administrator has until another is chosen together with the password. */
const firstName = "admin";

/** How the first administrator comes in: by a link that works once, and then by setting a password. */
export function createSetup(
  db: Database,
  sessions: Sessions,
  passwords: Passwords,
  now: () => number,
): Pick<Access, "createSetupToken" | "openSetup" | "finishSetup"> {
  return {
    async createSetupToken() {
      if (await anyUser(db)) return undefined;
      // Who opened an earlier link and set no password begins again with this one.
      await removeUnfinishedUsers(db);
      const token = randomToken("setup");
      await replaceSetupToken(db, tokenHash(token), now());
      return token;
    },

    async openSetup(request, origin, token) {
      const valid = looksLikeToken("setup", token) && (await takeSetupToken(db, tokenHash(token)));
      if (!valid || (await anyUser(db)))
        throw problem(
          403,
          "this link was used already, or is not the newest: start the master again for a new one",
        );
      await removeUnfinishedUsers(db);
      const id = await addUser(db, { name: firstName, role: "admin", nowMs: now() });
      return sessions.begin(request, origin, { id, name: firstName }, true);
    },

    async finishSetup(request, origin, name, password) {
      const principal = await sessions.user(request, origin.secure);
      if (principal?.owes !== "password") throw problem(403, "open the setup link first");
      const chosen = checkUserName(name);
      passwords.check(password, chosen);
      const hash = await passwords.hash(password);
      const done = await finishFirstUser(db, principal.userID, chosen, hash, now()).catch((error) => {
        if (isTaken(error))
          throw problem(409, `there is a user named ${chosen} already`, { pointer: "/name" });
        throw error;
      });
      if (!done) throw problem(409, "the password was set already: sign in with it");
      await removeSessionsOf(db, principal.userID);
      await userSignedIn(db, principal.userID, now());
      return sessions.begin(request, origin, { id: principal.userID, name: chosen });
    },
  };
}
