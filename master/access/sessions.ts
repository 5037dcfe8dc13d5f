import type { Database } from "../database/database.ts";
import { highestRole } from "../database/grants.ts";
import {
  addSession,
  findSession,
  listSessions,
  removeExpiredSessions,
  removeSession,
  removeSessionsButOf,
  removeSessionsOf,
  type SessionRecord,
  sessionUsed,
  standingOf,
} from "../database/sessions.ts";
import { secretKey } from "../database/setup.ts";
import { looksLikeToken, randomToken, tokenHash } from "../database/token.ts";
import type { AccessOptions, Origin, SessionAdministration, SignedIn } from "./access.ts";
import { cookieOf, sessionCookie } from "./cookie.ts";
import { formToken } from "./form.ts";
import type { Grant, UserPrincipal } from "./principal.ts";

/** How often at most a session in use is written. */
const touchEveryMs = 60_000;

/** Sessions: 256 random bits in a cookie, their hash in the database. */
export class Sessions implements SessionAdministration {
  readonly #db: Database;
  readonly #options: AccessOptions;
  readonly #now: () => number;
  #key: Promise<Uint8Array> | undefined;

  constructor(db: Database, options: AccessOptions, now: () => number) {
    this.#db = db;
    this.#options = options;
    this.#now = now;
  }

  /** Whose session a request's cookie names. */
  async user(request: Request, secure: boolean): Promise<UserPrincipal | undefined> {
    const value = cookieOf(request, secure);
    if (value === undefined || !looksLikeToken("session", value)) return undefined;
    const now = this.#now();
    const session = await findSession(this.#db, tokenHash(value), now, this.#idleSince(now));
    if (!session) return undefined;
    const touch = Math.min(touchEveryMs, this.#options.sessionIdleMs / 10);
    // A session is as good when the disk is full.
    if (now - session.lastUsedMs >= touch)
      await sessionUsed(this.#db, session.hash, now).catch(() => undefined);
    return this.#principal(session);
  }

  /**
   * Begins a session. The one that the request came with ends, whoever's it was: nobody can have prepared the
   * value that is valid after signing in (session fixation).
   */
  async begin(
    request: Request,
    origin: Origin,
    user: { id: string; name: string },
    mustSetPassword = false,
  ): Promise<SignedIn> {
    const now = this.#now();
    await this.end(request, origin.secure);
    await removeExpiredSessions(this.#db, now, this.#idleSince(now));
    const value = randomToken("session");
    const hash = tokenHash(value);
    await addSession(this.#db, {
      hash,
      userID: user.id,
      nowMs: now,
      expiresMs: now + this.#options.sessionMaxMs,
      mustSetPassword,
      address: origin.address,
      userAgent: origin.userAgent ?? request.headers.get("user-agent") ?? "",
    });
    const principal = await this.#principal({
      hash,
      userID: user.id,
      userName: user.name,
      ...(await standingOf(this.#db, user.id)),
      lastUsedMs: now,
      mustSetPassword,
    });
    return { principal, cookie: sessionCookie(value, origin.secure, this.#options.sessionMaxMs) };
  }

  async end(request: Request, secure: boolean): Promise<void> {
    const value = cookieOf(request, secure);
    if (value !== undefined && looksLikeToken("session", value))
      await removeSession(this.#db, tokenHash(value));
  }

  async list(userID: string) {
    const now = this.#now();
    const rows = await listSessions(this.#db, userID, now, this.#idleSince(now));
    return rows.map((row) => ({
      id: nameOf(row.hash),
      createdMs: row.created_ms,
      lastUsedMs: row.last_used_ms,
      address: row.address,
      userAgent: row.user_agent,
    }));
  }

  async revoke(userID: string, id: string): Promise<void> {
    const now = this.#now();
    for (const row of await listSessions(this.#db, userID, now, this.#idleSince(now)))
      if (nameOf(row.hash) === id) await removeSession(this.#db, row.hash);
  }

  endOf(userID: string): Promise<void> {
    return removeSessionsOf(this.#db, userID);
  }

  endOthers(userID: string): Promise<void> {
    return removeSessionsButOf(this.#db, userID);
  }

  #idleSince(now: number): number {
    return now - this.#options.sessionIdleMs;
  }

  async #principal(session: SessionRecord): Promise<UserPrincipal> {
    this.#key ??= secretKey(this.#db, "form");
    return {
      kind: "user",
      userID: session.userID,
      name: session.userName,
      role: highestRole(session.grants) ?? "viewer",
      grants: session.grants,
      session: nameOf(session.hash),
      csrf: formToken(await this.#key, session.hash),
      ...owed(session, this.#options.requireTotp),
    };
  }
}

/** A provider's users have their second step there. */
function owed(
  { mustSetPassword, grants, hasSecondFactor, byProvider }: SessionRecord,
  required: AccessOptions["requireTotp"],
): Pick<UserPrincipal, "owes"> {
  if (mustSetPassword) return { owes: "password" };
  return !hasSecondFactor && !byProvider && requiresTotp(required, grants) ? { owes: "secondFactor" } : {};
}

export function requiresTotp(required: AccessOptions["requireTotp"], grants: readonly Grant[]): boolean {
  if (required === "admins") return grants.some((one) => one.role === "admin");
  return required === "everybody";
}

/** What a session is called in lists: part of its hash, from which the cookie's value cannot be found. */
function nameOf(hash: string): string {
  return hash.slice(0, 16);
}
