import { problem } from "../../wire/problem.ts";
import type { Database } from "../database/database.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { findUser, setPasswordHash, userSignedIn } from "../database/users.ts";
import type { Access } from "./access.ts";
import { endedCookie } from "./cookie.ts";
import { Limiter } from "./limiter.ts";
import { checkNewPassword, type Passwords } from "./password.ts";
import type { Sessions } from "./sessions.ts";

const windowMs = 15 * 60_000;

/** Signing in and out, and changing the own password. */
export function createSignIn(
  db: Database,
  sessions: Sessions,
  passwords: Passwords,
  now: () => number,
): Pick<Access, "signIn" | "signOut" | "changePassword"> {
  const byAccount = new Limiter(10, windowMs);
  const byAddress = new Limiter(30, windowMs);

  return {
    async signIn(request, origin, name, password) {
      const wanted = name.trim().normalize("NFC").slice(0, 64);
      const account = wanted.toLowerCase();
      const at = now();
      // Counted before the hash is computed: attempts that run at the same time count, too.
      byAddress.attempt(origin.address, at);
      byAccount.attempt(account, at);
      const user = await findUser(db, { name: wanted });
      if (!(await passwords.verify(password, user?.passwordHash)) || !user)
        throw problem(401, "the name or the password is wrong");
      byAddress.forgive(origin.address);
      byAccount.forgive(account);
      await userSignedIn(db, user.id, at);
      return sessions.begin(request, origin, user);
    },

    async signOut(request, origin) {
      await sessions.end(request, origin.secure);
      return endedCookie(origin.secure);
    },

    async changePassword(request, origin, current, password) {
      const principal = await sessions.user(request, origin.secure);
      if (!principal || principal.mustSetPassword) throw problem(401, "sign in first");
      checkNewPassword(password);
      const account = principal.name.toLowerCase();
      byAccount.attempt(account, now());
      const user = await findUser(db, { id: principal.userID });
      if (!(await passwords.verify(current, user?.passwordHash)) || !user)
        throw problem(401, "the current password is wrong");
      byAccount.forgive(account);
      await setPasswordHash(db, user.id, await passwords.hash(password), now());
      await removeSessionsOf(db, user.id);
      return sessions.begin(request, origin, user);
    },
  };
}
