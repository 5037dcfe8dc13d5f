import { problem } from "../../../wire/problem.ts";
import type { Access } from "../../access/access.ts";
import { mayAct, mayGive } from "../../access/grants.ts";
import { grantsOf, type Role, type UserPrincipal } from "../../access/principal.ts";

/** Access with one user whose session is a switch; for tests of pages alone. */
export interface FakeAccess extends Access {
  signedIn: boolean;
  user: UserPrincipal;
}

export function fakeAccess(role: Role = "admin"): FakeAccess {
  const user: UserPrincipal = {
    kind: "user",
    userID: "u1",
    name: "ada",
    role,
    get grants() {
      return [{ role: this.role }];
    },
    session: "s1",
    csrf: "csrf-of-ada",
  };
  const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
  const signedIn = () => ({ principal: user, cookie: "atlhyper_session=s1; HttpOnly; Path=/" });
  const access: FakeAccess = {
    signedIn: true,
    user,
    authenticate: () => (access.signedIn ? user : undefined),
    authenticateToken: () => undefined,
    bindCluster: () => {},
    async signIn(_request, _origin, name, password) {
      if (name !== "ada" || password !== "right password") throw problem(401, "name or password is wrong");
      access.signedIn = true;
      return signedIn();
    },
    async signOut() {
      access.signedIn = false;
      return "atlhyper_session=; Max-Age=0; Path=/";
    },
    createSetupToken: async () => undefined,
    async openSetup(_request, _origin, token) {
      if (token !== "one-time") throw problem(403, "the link was used, or is too old");
      user.owes = "password";
      access.signedIn = true;
      return signedIn();
    },
    async finishSetup(_request, _origin, name, password) {
      if (password.length < 10)
        throw problem(422, "a password has at least 10 characters", { pointer: "/password" });
      delete user.owes;
      user.name = name;
      return signedIn();
    },
    async changePassword(_request, _origin, current, password) {
      if (current !== "right password") throw problem(401, "the current password is wrong");
      if (password.length < 10)
        throw problem(422, "a password has at least 10 characters", { pointer: "/password" });
      return signedIn();
    },
    users: {
      add: async () => "u2",
      list: async () => [
        {
          id: "u1",
          name: user.name,
          role: user.role,
          grants: [{ id: "g1", userID: "u1", byProvider: false, role: user.role }],
          createdMs: 1,
          lastSignInMs: Date.now(),
        },
      ],
      remove: async () => {},
      grant: async () => "g2",
      changeGrant: async () => {},
      removeGrant: async () => {},
      setPassword: async () => {},
    },
    sessions: {
      list: async () => [
        {
          id: "s1",
          createdMs: Date.now() - 3_600_000,
          lastUsedMs: Date.now(),
          address: "127.0.0.1",
          userAgent: "test",
        },
      ],
      revoke: async () => {},
      endOf: async () => {},
      endOthers: async () => {},
    },
    checkForm(_request, principal, csrf) {
      if (principal?.kind === "user" && csrf !== principal.csrf)
        throw problem(403, "the form does not come from this session");
    },
    require(principal, needed) {
      if (!principal || principal.kind === "cluster") throw problem(401);
      if (rank[principal.role] < rank[needed]) throw problem(403, "your role does not allow this");
    },
    may: (principal, needed, where) => mayAct(grantsOf(principal), needed, where, () => "default"),
    mayGive: (principal, grant) => mayGive(grantsOf(principal), grant),
    administers: (principal, grants) => grants.every((one) => mayGive(grantsOf(principal), one)),
    sight: () => "everything",
    finishSignIn: async () => signedIn(),
    owesCode: async () => false,
    checkPassword: async () => true,
    requiresSecondFactor: () => false,
    passwordLeast: 10,
    secondFactors: {
      state: async () => ({ on: false, codesLeft: 0 }),
      pending: async () => undefined,
    } as never,
    invitations: { list: async () => [], opened: async () => undefined } as never,
    close: () => {},
  };
  return access;
}
