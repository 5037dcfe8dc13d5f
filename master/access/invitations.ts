import { problem } from "../../wire/problem.ts";
import type { Audit, AuditEntry } from "../audit/audit.ts";
import { granted } from "../audit/granted.ts";
import { isTaken } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { addGrant } from "../database/grants.ts";
import {
  addInvitation,
  findInvitation,
  type Invitation,
  listInvitations,
  takeInvitation,
} from "../database/invitations.ts";
import { looksLikeToken, randomToken, tokenHash } from "../database/token.ts";
import { addUser, userSignedIn } from "../database/users.ts";
import type { Invitations, Origin } from "./access.ts";
import { briefCookie, briefCookieOf } from "./cookie.ts";
import { asGrant } from "./principal.ts";
import { checkUserName, type Passwords } from "./password.ts";
import type { Sessions } from "./sessions.ts";

/** To read the form and think of a password. */
const openMs = 60 * 60_000;

/** What the audit log says of who accepted. */
function acceptedEntry(
  user: { id: string; name: string },
  { id, grant, byName }: Invitation,
  origin: Origin,
): AuditEntry {
  return {
    actor: { kind: "user", id: user.id, name: user.name },
    address: origin.address,
    action: "invitation.accept",
    object: `user ${user.name}`,
    result: "ok",
    ...granted(grant, { invitation: id, by: byName }),
  };
}

/**
 * Gives a user what an invitation invites to, within a transaction; false where it is gone: of two who accept it at the
 * same time one gets it.
 */
export async function giveInvited(
  db: Database,
  audit: Pick<Audit, "record">,
  user: { id: string; name: string },
  invitation: Invitation,
  origin: Origin,
): Promise<boolean> {
  if (!(await takeInvitation(db, invitation.id))) return false;
  await addGrant(db, user.id, invitation.grant);
  await audit.record(acceptedEntry(user, invitation, origin));
  return true;
}

export function createInvitations(
  db: Database,
  sessions: Sessions,
  passwords: Passwords,
  now: () => number,
  audit: Pick<Audit, "record">,
  closed = false,
): Invitations {
  async function opened(request: Request, origin: Origin) {
    const token = briefCookieOf(request, "invite", origin.secure);
    if (token === undefined || !looksLikeToken("invite", token)) return undefined;
    return findInvitation(db, tokenHash(token), now());
  }
  const gone = () => problem(403, "this invitation was used, revoked, or is too old: ask for a new one");

  return {
    async add(by, grant, note, forMs) {
      const words = note.trim();
      if (words.length > 200 || /[\p{Cc}\p{Cf}]/u.test(words))
        throw problem(422, "a note has at most 200 characters and no control characters", {
          pointer: "/note",
        });
      const token = randomToken("invite");
      const nowMs = now();
      const id = await addInvitation(db, {
        hash: tokenHash(token),
        grant: asGrant(grant),
        note: words,
        byName: by,
        nowMs,
        expiresMs: nowMs + forMs,
      });
      return { id, token };
    },
    list: () => listInvitations(db, now()),
    async revoke(id) {
      if (!(await takeInvitation(db, id))) throw problem(404, "there is no such invitation any more");
    },
    async open(origin, token) {
      if (!looksLikeToken("invite", token) || !(await findInvitation(db, tokenHash(token), now())))
        throw gone();
      return briefCookie("invite", token, origin.secure, openMs);
    },
    opened,
    async accept(request, origin, name, password) {
      const found = closed ? undefined : await opened(request, origin);
      if (!found) throw gone();
      const chosen = checkUserName(name);
      passwords.check(password, chosen);
      const passwordHash = await passwords.hash(password);
      return db.transaction(async () => {
        // Of two who answer at the same time one becomes the user.
        if (!(await takeInvitation(db, found.id))) throw gone();
        const nowMs = now();
        const id = await addUser(db, { ...found.grant, name: chosen, passwordHash, nowMs }).catch((error) => {
          if (isTaken(error))
            throw problem(409, `there is a user named ${chosen} already`, { pointer: "/name" });
          throw error;
        });
        await audit.record(acceptedEntry({ id, name: chosen }, found, origin));
        await userSignedIn(db, id, nowMs);
        return sessions.begin(request, origin, { id, name: chosen });
      });
    },
    async join(request, origin, user) {
      const found = await opened(request, origin);
      if (!found) throw gone();
      const { userID: id, name } = user;
      await db.transaction(async () => {
        if (!(await giveInvited(db, audit, { id, name }, found, origin))) throw gone();
      });
    },
  };
}
