import { problem } from "../../wire/problem.ts";
import type { Audit, AuditEntry } from "../audit/audit.ts";
import type { Database } from "../database/database.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { findUser, setPasswordHash, type UserRecord, userSignedIn } from "../database/users.ts";
import type { Access, Origin } from "./access.ts";
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
  audit: Audit,
): Pick<Access, "signIn" | "signOut" | "changePassword"> {
  const byAccount = new Limiter(10, windowMs);
  const byAddress = new Limiter(30, windowMs);

  /** A name that nobody has is not written down: people type their password into the wrong field. */
  async function refused(action: string, origin: Origin, user: UserRecord | undefined): Promise<void> {
    await audit.record({
      actor: { kind: "nobody", name: "" },
      address: origin.address,
      action,
      object: user ? `user ${user.name}` : "unknown user",
      result: "refused",
    });
  }

  const did = (user: { id: string; name: string }, origin: Origin, action: string): AuditEntry => ({
    actor: { kind: "user", id: user.id, name: user.name },
    address: origin.address,
    action,
    result: "ok",
  });

  return {
    async signIn(request, origin, name, password) {
      const wanted = name.trim().normalize("NFC").slice(0, 64);
      const account = wanted.toLowerCase();
      const at = now();
      // Counted before the hash is computed: attempts that run at the same time count, too.
      byAddress.attempt(origin.address, at);
      byAccount.attempt(account, at);
      const user = await findUser(db, { name: wanted });
      if (!(await passwords.verify(password, user?.passwordHash)) || !user) {
        await refused("session.begin", origin, user);
        throw problem(401, "the name or the password is wrong");
      }
      byAddress.forgive(origin.address);
      byAccount.forgive(account);
      return db.transaction(async () => {
        await audit.record({ ...did(user, origin, "session.begin"), detail: { by: "password" } });
        await userSignedIn(db, user.id, at);
        return sessions.begin(request, origin, user);
      });
    },

    async signOut(request, origin) {
      const user = await sessions.user(request, origin.secure);
      await sessions.end(request, origin.secure);
      // Nobody is kept signed in by a disk that is full.
      if (user)
        await audit.record(did({ id: user.userID, name: user.name }, origin, "session.end")).catch(() => {});
      return endedCookie(origin.secure);
    },

    async changePassword(request, origin, current, password) {
      const principal = await sessions.user(request, origin.secure);
      if (!principal || principal.mustSetPassword) throw problem(401, "sign in first");
      checkNewPassword(password);
      const account = principal.name.toLowerCase();
      byAccount.attempt(account, now());
      const user = await findUser(db, { id: principal.userID });
      if (!(await passwords.verify(current, user?.passwordHash)) || !user) {
        await refused("user.password", origin, user);
        throw problem(401, "the current password is wrong");
      }
      byAccount.forgive(account);
      const hash = await passwords.hash(password);
      return db.transaction(async () => {
        await audit.record({ ...did(user, origin, "user.password"), object: `user ${user.name}` });
        await setPasswordHash(db, user.id, hash, now());
        await removeSessionsOf(db, user.id);
        return sessions.begin(request, origin, user);
      });
    },
  };
}
