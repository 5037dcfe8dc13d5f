import type { Audit } from "../audit/audit.ts";
import type { Invitation } from "../database/invitations.ts";
import type { Oidc } from "./oidc.ts";
import type { PasswordRules } from "./password.ts";
import type { OidcSettings } from "./oidc-settings.ts";
import type { SecondFactors } from "./second-factor.ts";
import type { StoredGrant } from "../database/grants.ts";
import type { ClusterPrincipal, Grant, Principal, Role, UserPrincipal, Where } from "./principal.ts";
import type { Sight } from "./sight.ts";

export interface AccessOptions {
  /** Where sign-ins are recorded. */
  audit: Pick<Audit, "record">;
  /** What secrets are encrypted with; a new one at each start by default, which makes them good for one run. */
  key?: Uint8Array;
  /** The provider by which people may come in. */
  oidc?: OidcSettings;
  /** Whose each cluster is: the tenant's id by the cluster's, kept up to date by who gives it. */
  owners?: ReadonlyMap<string, string>;
  /** What new passwords have to be. */
  passwords?: PasswordRules;
  /** Who has to have a second factor; nobody by default. */
  requireTotp?: "off" | "admins" | "everybody";
  sessionIdleMs: number;
  sessionMaxMs: number;
  now?: () => number;
  /** Cost of argon2id in KiB and passes; tests lower it. */
  argon2?: { memoryCost: number; timeCost: number };
}

/** Where a request comes from; `requestInfo(request)` of the master gives one. */
export interface Origin {
  /** The client's address. */
  address: string;
  /** Whether the client came by https. */
  secure: boolean;
  userAgent?: string;
}

/** A new session: `cookie` is the value of a Set-Cookie header. */
export interface SignedIn {
  principal: UserPrincipal;
  cookie: string;
  /** The password was right and a code is owed: the cookie is good for `finishSignIn` and nothing else. */
  secondStep?: true;
}

/** Who may come in. All refusals are ProblemErrors with a text for the one who asked. */
export interface Access {
  /**
   * Who makes a request, by `Authorization: Bearer` or by the session's cookie; undefined when neither names
   * anybody. A Bearer header that is wrong is not made good by a cookie. Answers at once from memory where it can.
   */
  authenticate(request: Request): Principal | undefined | Promise<Principal | undefined>;
  /** Who holds a token (never a session), such as one in a path `/t/<token>/…`. */
  authenticateToken(token: string): Principal | undefined | Promise<Principal | undefined>;
  /** Binds a cluster's token to the identity that its agent tells, the first time; 403 if it is another one later. */
  bindCluster(principal: ClusterPrincipal, clusterID: string): void | Promise<void>;

  /** 401 (also for unknown users, in the same time), 429 with Retry-After. Any session in `request` ends. */
  signIn(request: Request, origin: Origin, name: string, password: string): Promise<SignedIn>;
  /** The second step: a code of the app, or a recovery code. 401 without a first step, 422, 429. */
  finishSignIn(request: Request, origin: Origin, code: string): Promise<SignedIn>;
  /** Whether a request comes from somebody who owes the second step. */
  owesCode(request: Request, origin: Origin): Promise<boolean>;
  secondFactors: SecondFactors;
  /** Whether somebody with these grants may not be without a second factor. */
  requiresSecondFactor(grants: readonly Grant[]): boolean;
  /** Least characters of a new password. */
  passwordLeast: number;
  /** Absent where no provider is configured. */
  oidc?: Oidc;
  /** Whether this is the user's password; counted as attempts are. */
  checkPassword(origin: Origin, userID: string, password: string): Promise<boolean>;
  /** Ends the session; gives the Set-Cookie that removes the cookie. */
  signOut(request: Request, origin: Origin): Promise<string>;

  /** Makes a new one-time token when nobody can sign in yet; undefined otherwise. Older ones end. */
  createSetupToken(): Promise<string | undefined>;
  /** Signs the first administrator in, once; 403 for a token that is unknown or used. */
  openSetup(request: Request, origin: Origin, token: string): Promise<SignedIn>;
  /** Sets name and password of the first administrator; a new session replaces the limited one. 422 on a bad name or password. */
  finishSetup(request: Request, origin: Origin, name: string, password: string): Promise<SignedIn>;
  /** Changes the own password; all sessions of the user end but the new one. 401 when `current` is wrong, 422. */
  changePassword(request: Request, origin: Origin, current: string, password: string): Promise<SignedIn>;

  invitations: Invitations;
  users: UserAdministration;
  sessions: SessionAdministration;

  /**
   * Refuses (403) a form that does not come from our own pages: by Sec-Fetch-Site and Origin, and for a
   * signed-in user by the form's token. Tokens in a header need no check: no browser sends them by itself.
   */
  checkForm(request: Request, principal: Principal | undefined, csrf: string | undefined): void;
  /** Throws 401 or 403 unless the principal may act as `role`, somewhere at least, or at that place. */
  require(principal: Principal | undefined, role: Role, where?: Where): asserts principal is Principal;
  /** Whether the principal may act as `role`, somewhere at least, or at that place. */
  may(principal: Principal | undefined, role: Role, where?: Where): boolean;
  /** Whether the principal may give a grant, or take it away: an administrator of all that it reaches. */
  mayGive(principal: Principal | undefined, grant: Grant): boolean;
  /** Whether the principal administers somebody with these grants: all of them, or the installation. */
  administers(principal: Principal | undefined, grants: readonly Grant[]): boolean;
  /** What the principal may see. */
  sight(principal: Principal | undefined): Sight;
  close(): void;
}

/** Links by which somebody becomes a user; each is good once, until it expires. */
export interface Invitations {
  /** Gives the token for the link, which is shown only now. 422 on the note. */
  add(by: string, grant: Role | Grant, note: string, forMs: number): Promise<{ id: string; token: string }>;
  list(): Promise<Invitation[]>;
  /** 404 where it is gone already. */
  revoke(id: string): Promise<void>;
  /** Gives the cookie that stands for the link from now on, so that the address need not carry it; 403. */
  open(origin: Origin, token: string): Promise<string>;
  /** What the request's cookie invites to; undefined where it is used, revoked or too old. */
  opened(request: Request, origin: Origin): Promise<Invitation | undefined>;
  /** Gives what it invites to to a user who is there already; 403. */
  join(request: Request, origin: Origin, user: UserPrincipal): Promise<void>;
  /** Makes the user and signs them in; 403, 409 and 422 as for any user. */
  accept(request: Request, origin: Origin, name: string, password: string): Promise<SignedIn>;
}

/** A user as administrators see them. */
export interface UserInfo {
  id: string;
  name: string;
  /** The highest of all grants. */
  role: Role | undefined;
  grants: readonly StoredGrant[];
  createdMs: number;
  lastSignInMs: number | undefined;
}

/** Who may do this to whom is asked before. A role alone is one in the whole installation. */
export interface UserAdministration {
  /** 422 on a bad name or password, 409 when the name is taken. */
  add(name: string, grant: Role | Grant, password: string): Promise<string>;
  list(): Promise<UserInfo[]>;
  /** 409 when no administrator would be left. Ends the user's sessions. */
  remove(id: string): Promise<void>;
  /** Gives the grant's id; 404. */
  grant(userID: string, grant: Grant): Promise<string>;
  /** 409 when no administrator would be left, 404. */
  changeGrant(id: string, grant: Grant): Promise<void>;
  removeGrant(id: string): Promise<void>;
  /** 422 on a bad password. Ends the user's sessions. */
  setPassword(id: string, password: string): Promise<void>;
}

export interface SessionAdministration {
  list(
    userID: string,
  ): Promise<{ id: string; createdMs: number; lastUsedMs: number; address: string; userAgent: string }[]>;
  revoke(userID: string, id: string): Promise<void>;
  /** Ends all sessions of a user. */
  endOf(userID: string): Promise<void>;
  /** Ends all sessions of everybody else. */
  endOthers(userID: string): Promise<void>;
}
