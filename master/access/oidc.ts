import * as client from "openid-client";
import { problem } from "../../wire/problem.ts";
import type { Audit } from "../audit/audit.ts";
import type { Database } from "../database/database.ts";
import { listTenants } from "../database/tenants.ts";
import { findIdentity, userOfIdentity } from "../database/identities.ts";
import { listGrants, setProviderGrants } from "../database/grants.ts";
import { removeSessionsOf } from "../database/sessions.ts";
import { userSignedIn } from "../database/users.ts";
import type { Invitations, Origin, SignedIn } from "./access.ts";
import { briefCookie, briefCookieOf } from "./cookie.ts";
import { giveInvited } from "./invitations.ts";
import { nameIn, providerOf } from "./oidc-provider.ts";
import { grantsBy, type OidcSettings } from "./oidc-settings.ts";
import type { Sealed } from "./sealed.ts";
import type { Sessions } from "./sessions.ts";

/** From the button until the browser comes back. */
const awayMs = 10 * 60_000;
const callbackPath = "/sign-in/oidc/callback";

/** What a browser takes along to the provider, sealed in a cookie. */
interface Away {
  state: string;
  nonce: string;
  verifier: string;
  back: string;
  /** Begun to accept the invitation that the browser has opened. */
  invited?: true;
  untilMs: number;
}

/** Signing in by a provider: OpenID Connect's authorization code with PKCE. */
export interface Oidc {
  name: string;
  only: boolean;
  /**
   * Where the browser goes, and the cookie it takes along; `invited` to accept the invitation that it has opened. 502
   * where the provider does not answer.
   */
  begin(
    origin: Origin,
    site: string,
    back: string,
    invited?: boolean,
  ): Promise<{ url: string; cookie: string }>;
  /**
   * The browser came back; `accepted` where it has accepted an invitation. 401 for an answer that is not to our
   * question, 403 where no group gives a role, 410 where the invitation that would have is gone, 502.
   */
  finish(
    request: Request,
    origin: Origin,
    site: string,
  ): Promise<SignedIn & { back: string; accepted: boolean }>;
  /** Where to end the session at the provider; undefined where it offers no such thing. */
  endUrl(site: string): Promise<string | undefined>;
}

export function createOidc(
  db: Database,
  settings: OidcSettings,
  sessions: Sessions,
  sealed: Sealed,
  now: () => number,
  audit: Pick<Audit, "record">,
  opened: Invitations["opened"],
): Oidc {
  const provider = providerOf(settings);

  function awayOf(request: Request, origin: Origin): Away | undefined {
    const text = sealed.open(briefCookieOf(request, "oidc", origin.secure) ?? "", "away");
    if (text === undefined) return undefined;
    const away: Away = JSON.parse(text);
    return now() < away.untilMs ? away : undefined;
  }

  async function refused(origin: Origin, why: string, name?: string): Promise<void> {
    await audit.record({
      actor: { kind: "nobody", name: "" },
      address: origin.address,
      action: "session.begin",
      object: name === undefined ? "unknown user" : `user ${name}`,
      result: "refused",
      detail: { by: "provider", issuer: settings.issuer, why },
    });
  }

  /** What the provider says of who came; every claim was checked by openid-client before it gets here. */
  async function claimsOf(request: Request, origin: Origin, site: string, away: Away) {
    const config = await provider();
    // As the browser was sent: behind a proxy the request's own address is another one.
    const came = new URL(site + callbackPath);
    came.search = new URL(request.url).search;
    try {
      const tokens = await client.authorizationCodeGrant(config, came, {
        expectedState: away.state,
        expectedNonce: away.nonce,
        pkceCodeVerifier: away.verifier,
        idTokenExpected: true,
      });
      const claims: Record<string, unknown> & { sub: string } = { ...tokens.claims()! };
      // Many providers tell groups only when asked for them.
      if (claims[settings.groupsClaim] === undefined && config.serverMetadata().userinfo_endpoint)
        return { ...(await client.fetchUserInfo(config, tokens.access_token, claims.sub)), ...claims };
      return claims;
    } catch (error) {
      const { code = "", message } = error as Error & { code?: string };
      await refused(origin, code || message);
      throw problem(401, "the provider's answer does not fit: begin again");
    }
  }

  return {
    name: settings.name,
    only: settings.only,

    async begin(origin, site, back, invited) {
      const config = await provider();
      const away: Away = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        back,
        ...(invited ? { invited } : {}),
        untilMs: now() + awayMs,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: site + callbackPath,
        scope: settings.scopes,
        state: away.state,
        nonce: away.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(away.verifier),
        code_challenge_method: "S256",
      });
      const value = sealed.seal(JSON.stringify(away), "away");
      return { url: url.href, cookie: briefCookie("oidc", value, origin.secure, awayMs) };
    },

    async finish(request, origin, site) {
      const away = awayOf(request, origin);
      if (!away) throw problem(401, "this sign-in was not begun here, or took too long: begin again");
      const claims = await claimsOf(request, origin, site, away);
      const groups = [claims[settings.groupsClaim]].flat().filter((one) => typeof one === "string");
      const tenants = new Map((await listTenants(db)).map((one) => [one.name.toLowerCase(), one.id]));
      const grants = grantsBy(settings.roles, groups, tenants);
      const who = { issuer: settings.issuer, subject: claims.sub };
      const invitation = away.invited ? await opened(request, origin) : undefined;
      const known = await findIdentity(db, who);
      // What somebody was given here stays theirs, whatever their groups say.
      const given = known
        ? (await listGrants(db, { userID: known.id })).some((one) => !one.byProvider)
        : false;
      if (grants.length === 0 && !given && !invitation) {
        // Who has lost all groups is out of every browser, not of this one only, and their tokens can nothing.
        if (known)
          await db.transaction(async () => {
            await setProviderGrants(db, known.id, []);
            await removeSessionsOf(db, known.id);
          });
        await refused(origin, away.invited ? "the invitation is gone" : "no group gives a role", known?.name);
        if (away.invited) throw goneInvitation();
        throw problem(403, "none of your groups at the provider gives you a role here");
      }
      return db.transaction(async () => {
        const user = await userOfIdentity(db, who, nameIn(claims), grants, now());
        if (invitation && !(await giveInvited(db, audit, user, invitation, origin))) throw goneInvitation();
        await audit.record({
          actor: { kind: "user", id: user.id, name: user.name },
          address: origin.address,
          action: "session.begin",
          result: "ok",
          detail: { by: "provider", issuer: settings.issuer, grants, ...(user.added ? { added: true } : {}) },
        });
        await userSignedIn(db, user.id, now());
        const begun = await sessions.begin(request, origin, user);
        return { ...begun, back: away.back, accepted: invitation !== undefined };
      });
    },

    async endUrl(site) {
      const config = await provider();
      if (!config.serverMetadata().end_session_endpoint) return undefined;
      const back = { post_logout_redirect_uri: `${site}/sign-in` };
      return client.buildEndSessionUrl(config, back).href;
    },
  };
}

const goneInvitation = () =>
  problem(410, "this invitation was used, revoked, or is too old: ask for a new one");
