import { bindCluster } from "../database/clusters.ts";
import type { Database } from "../database/database.ts";
import { problem } from "../../wire/problem.ts";
import { requestInfo } from "../requests.ts";
import type { Access, AccessOptions } from "./access.ts";
import { checkForm } from "./form.ts";
import { createOidc } from "./oidc.ts";
import { argon2Default, Passwords } from "./password.ts";
import { mayAct, mayGive } from "./grants.ts";
import { grantsOf, type Role } from "./principal.ts";
import { sightBy } from "./sight.ts";
import { createInvitations } from "./invitations.ts";
import { Sealed } from "./sealed.ts";
import { SecondFactors } from "./second-factor.ts";
import { requiresTotp, Sessions } from "./sessions.ts";
import { createSetup } from "./setup.ts";
import { createSignIn } from "./sign-in.ts";
import { TokenCache } from "./token-cache.ts";
import { createUsers } from "./users.ts";

/** Who may come in to this master, as its main database says. */
export function createAccess(db: Database, options: AccessOptions): Access {
  const now = options.now ?? Date.now;
  const passwords = new Passwords(options.argon2 ?? argon2Default, options.passwords);
  const sessions = new Sessions(db, options, now);
  const tokens = new TokenCache(db, now);
  const key = options.key ?? crypto.getRandomValues(new Uint8Array(32));
  const secondFactors = new SecondFactors(db, new Sealed(key, "second factor"), now);

  const { oidc, audit, owners = new Map<string, string>() } = options;
  const tenantOf = (cluster: string) => owners.get(cluster);
  const invitations = createInvitations(db, sessions, passwords, now, audit, oidc?.only);

  return {
    authenticate(request) {
      const header = request.headers.get("authorization");
      if (header === null) return sessions.user(request, requestInfo(request).secure);
      const [, token] = /^Bearer +(\S+)$/i.exec(header) ?? [];
      return token === undefined ? undefined : tokens.holder(token);
    },
    authenticateToken: (token) => tokens.holder(token),
    bindCluster(principal, clusterID) {
      if (principal.clusterID === clusterID) return;
      if (principal.clusterID !== undefined) throw anotherCluster();
      return bindCluster(db, principal.cluster, clusterID).then((bound) => {
        tokens.clear();
        if (!bound) throw anotherCluster();
      });
    },

    ...createSignIn(db, sessions, passwords, now, audit, secondFactors, oidc?.only),
    secondFactors,
    requiresSecondFactor: (grants) => requiresTotp(options.requireTotp, grants),
    passwordLeast: passwords.rules.least,
    ...(oidc && {
      oidc: createOidc(db, oidc, sessions, new Sealed(key, "oidc"), now, audit, invitations.opened),
    }),
    invitations,
    ...createSetup(db, sessions, passwords, now),
    users: createUsers(db, passwords, now),
    sessions,

    checkForm,
    require(principal, role: Role, where) {
      if (!principal) throw problem(401, "sign in, or send a token");
      const grants = grantsOf(principal);
      if (principal.kind === "user" && principal.owes === "secondFactor")
        throw problem(403, "set a second factor up first: it is required here");
      if (principal.kind === "user" && grants.length === 0 && !principal.owes)
        throw problem(403, "you have no role here any more, or none yet: ask an administrator for one");
      if (!mayAct(grants, role, where, tenantOf)) throw problem(403, `this needs the role ${role}`);
    },
    may: (principal, role, where) => mayAct(grantsOf(principal), role, where, tenantOf),
    mayGive: (principal, grant) => mayGive(grantsOf(principal), grant),
    administers: (principal, grants) =>
      grants.length > 0
        ? grants.every((one) => mayGive(grantsOf(principal), one))
        : mayAct(grantsOf(principal), "admin", {}, tenantOf),
    sight: (principal) => sightBy(grantsOf(principal), owners),
    close() {
      tokens.clear();
    },
  };
}

function anotherCluster() {
  return problem(
    403,
    "this token belongs to another cluster: its first message bound it; add this cluster to get a token for it",
  );
}
