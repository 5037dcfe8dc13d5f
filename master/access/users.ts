import { problem } from "../../wire/problem.ts";
import { isTaken } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { hasIdentity } from "../database/identities.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { addUser, findUser, listUsers, removeUser, setPasswordHash, setUserRole } from "../database/users.ts";
import type { UserAdministration } from "./access.ts";
import { checkNewPassword, checkUserName, type Passwords } from "./password.ts";

/** What administrators do with users. */
export function createUsers(db: Database, passwords: Passwords, now: () => number): UserAdministration {
  async function refused(id: string): Promise<Error> {
    return (await findUser(db, { id }))
      ? problem(409, "this is the only administrator: make somebody else one first")
      : problem(404, "there is no such user");
  }
  return {
    async add(name, role, password) {
      const chosen = checkUserName(name);
      checkNewPassword(password);
      const passwordHash = await passwords.hash(password);
      return addUser(db, { name: chosen, role, passwordHash, nowMs: now() }).catch((error) => {
        if (isTaken(error))
          throw problem(409, `there is a user named ${chosen} already`, { pointer: "/name" });
        throw error;
      });
    },
    async list() {
      return (await listUsers(db)).map(({ id, name, role, createdMs, lastSignInMs }) => ({
        id,
        name,
        role,
        createdMs,
        lastSignInMs,
      }));
    },
    async remove(id) {
      if (!(await removeUser(db, id))) throw await refused(id);
    },
    async setRole(id, role) {
      if (!(await setUserRole(db, id, role))) throw await refused(id);
    },
    async setPassword(id, password) {
      checkNewPassword(password);
      if (await hasIdentity(db, id))
        throw problem(409, "this user signs in by the provider, and has no password here");
      const hash = await passwords.hash(password);
      if (!(await setPasswordHash(db, id, hash, now()))) throw problem(404, "there is no such user");
      await removeSessionsOf(db, id);
    },
  };
}
