import { problem } from "../../wire/problem.ts";
import type { Audit, AuditEntry } from "../audit/audit.ts";
import type { Database } from "../database/database.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { emergencyAdministrator } from "../database/grants.ts";
import { findUser, setPasswordHash, type UserRecord, userSignedIn } from "../database/users.ts";
import { addPending, findPending, takePending } from "../database/second-factors.ts";
import { looksLikeToken, randomToken, tokenHash } from "../database/token.ts";
import type { Access, Origin, SignedIn } from "./access.ts";
import { briefCookie, briefCookieOf, endedCookie } from "./cookie.ts";
import { type SecondFactors, wrongCode } from "./second-factor.ts";
import { Limiter } from "./limiter.ts";
import type { Passwords } from "./password.ts";
import type { Sessions } from "./sessions.ts";

const windowMs = 15 * 60_000;
/** From the password to the code. */
const pendingMs = 10 * 60_000;

/** Signing in and out, and changing the own password. */
export function createSignIn(
  db: Database,
  sessions: Sessions,
  passwords: Passwords,
  now: () => number,
  audit: Pick<Audit, "record">,
  secondFactors: SecondFactors,
  emergencyOnly = false,
): Pick<Access, "signIn" | "finishSignIn" | "owesCode" | "checkPassword" | "signOut" | "changePassword"> {
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

  /** The password was right: what comes of it is good for the code alone, and for some minutes. */
  async function firstStep(
    request: Request,
    origin: Origin,
    user: UserRecord,
    at: number,
  ): Promise<SignedIn> {
    const value = randomToken("session");
    await sessions.end(request, origin.secure);
    await addPending(db, { hash: tokenHash(value), userID: user.id, expiresMs: at + pendingMs, nowMs: at });
    const principal = {
      kind: "user" as const,
      userID: user.id,
      name: user.name,
      role: user.role ?? ("viewer" as const),
      grants: [],
      session: "",
      csrf: "",
      owes: "password" as const,
    };
    return { principal, cookie: briefCookie("code", value, origin.secure, pendingMs), secondStep: true };
  }

  async function pendingOf(request: Request, origin: Origin, at: number) {
    const value = briefCookieOf(request, "code", origin.secure);
    if (value === undefined || !looksLikeToken("session", value)) return undefined;
    const hash = tokenHash(value);
    const userID = await findPending(db, hash, at);
    return userID === undefined ? undefined : { hash, userID };
  }

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
      if (emergencyOnly && user.id !== (await emergencyAdministrator(db))) {
        await refused("session.begin", origin, user);
        throw problem(401, "passwords are switched off: sign in by the provider");
      }
      byAddress.forgive(origin.address);
      byAccount.forgive(account);
      if (await secondFactors.needed(user.id)) return firstStep(request, origin, user, at);
      return db.transaction(async () => {
        await audit.record({ ...did(user, origin, "session.begin"), detail: { by: "password" } });
        await userSignedIn(db, user.id, at);
        return sessions.begin(request, origin, user);
      });
    },

    async finishSignIn(request, origin, code) {
      const at = now();
      const found = await pendingOf(request, origin, at);
      const user = found && (await findUser(db, { id: found.userID }));
      if (!found || !user) throw problem(401, "sign in with your password first");
      byAddress.attempt(origin.address, at);
      byAccount.attempt(user.name.toLowerCase(), at);
      const how = await secondFactors.check(user.id, code);
      if (how === undefined) {
        await refused("session.code", origin, user);
        throw wrongCode();
      }
      byAddress.forgive(origin.address);
      byAccount.forgive(user.name.toLowerCase());
      return db.transaction(async () => {
        if (!(await takePending(db, found.hash))) throw problem(401, "sign in with your password first");
        const by = how === "code" ? "password and code" : "password and recovery code";
        await audit.record({ ...did(user, origin, "session.begin"), detail: { by } });
        await userSignedIn(db, user.id, at);
        return sessions.begin(request, origin, user);
      });
    },

    async owesCode(request, origin) {
      return (await pendingOf(request, origin, now())) !== undefined;
    },

    async checkPassword(origin, userID, password) {
      const user = await findUser(db, { id: userID });
      const account = (user?.name ?? "").toLowerCase();
      byAccount.attempt(account, now());
      const right = await passwords.verify(password, user?.passwordHash);
      if (right) byAccount.forgive(account);
      else await refused("user.check", origin, user);
      return right;
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
      if (!principal || principal.owes) throw problem(401, "sign in first");
      passwords.check(password, principal.name);
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
