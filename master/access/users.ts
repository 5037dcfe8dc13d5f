import { problem } from "../../wire/problem.ts";
import { isTaken } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { hasIdentity } from "../database/identities.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { addGrant, changeGrant, listGrants, removeGrant } from "../database/grants.ts";
import { addUser, findUser, listUsers, removeUser, setPasswordHash } from "../database/users.ts";
import type { UserAdministration } from "./access.ts";
import { asGrant } from "./principal.ts";
import { checkUserName, type Passwords } from "./password.ts";

/** What administrators do with users. */
export function createUsers(db: Database, passwords: Passwords, now: () => number): UserAdministration {
  const onlyOne = () => problem(409, "this is the only administrator: make somebody else one first");
  return {
    async add(name, grant, password) {
      const chosen = checkUserName(name);
      passwords.check(password, chosen);
      const passwordHash = await passwords.hash(password);
      return addUser(db, { ...asGrant(grant), name: chosen, passwordHash, nowMs: now() }).catch((error) => {
        if (isTaken(error))
          throw problem(409, `there is a user named ${chosen} already`, { pointer: "/name" });
        throw error;
      });
    },
    async list() {
      const [users, grants] = await Promise.all([listUsers(db), listGrants(db)]);
      return users.map(({ id, name, role, createdMs, lastSignInMs }) => ({
        id,
        name,
        role,
        grants: grants.filter((one) => one.userID === id),
        createdMs,
        lastSignInMs,
      }));
    },
    async remove(id) {
      if (await removeUser(db, id)) return;
      throw (await findUser(db, { id })) ? onlyOne() : problem(404, "there is no such user");
    },
    async grant(id, grant) {
      if (!(await findUser(db, { id }))) throw problem(404, "there is no such user");
      return addGrant(db, id, grant);
    },
    async changeGrant(id, grant) {
      if (await changeGrant(db, id, grant)) return;
      throw (await listGrants(db, { id })).length > 0 ? onlyOne() : problem(404, "there is no such grant");
    },
    async removeGrant(id) {
      if (await removeGrant(db, id)) return;
      throw (await listGrants(db, { id })).length > 0 ? onlyOne() : problem(404, "there is no such grant");
    },
    async setPassword(id, password) {
      passwords.check(password, (await findUser(db, { id }))?.name ?? "");
      if (await hasIdentity(db, id))
        throw problem(409, "this user signs in by the provider, and has no password here");
      const hash = await passwords.hash(password);
      if (!(await setPasswordHash(db, id, hash, now()))) throw problem(404, "there is no such user");
      await removeSessionsOf(db, id);
    },
  };
}
