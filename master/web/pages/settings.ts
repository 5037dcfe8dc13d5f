import type { Html } from "../../../views/html.ts";
import {
  accountSection,
  displaySection,
  historySection,
  metricsSection,
  sessionsSection,
  versionsSection,
} from "../../../views/pages/settings.ts";
import { invitationsSection } from "../../../views/pages/invitations.ts";
import { remoteWriteSection } from "../../../views/pages/remote-write.ts";
import { secondFactorSection } from "../../../views/pages/second-factor.ts";
import { tenantsSection } from "../../../views/pages/tenants.ts";
import { type TokenRow, tokensSection } from "../../../views/pages/tokens.ts";
import { userSessionsSection, type UserRow, usersSection } from "../../../views/pages/users.ts";
import { html } from "../../../views/html.ts";
import type { TenantNames } from "../../../views/parts/grant.ts";
import { version } from "../../../wire/version.ts";
import { listTokens } from "../../database/tokens.ts";
import { defaultTenant, listTenants } from "../../database/tenants.ts";
import { isTheirs } from "../actions/token-revoke.ts";
import { placesOf, tenantNames } from "../granting.ts";
import type { Page, PageContext } from "../page.ts";

export const settingsPage: Page = {
  path: "/settings",
  nav: "settings",
  topics: ["clusters", "status"],
  async load(ctx) {
    const { v, deps, user, form } = ctx;
    const tenants = await tenantNames(deps, user);
    const fragments: Record<string, Html> = {
      head: html`<header id="head" class="head"><h1>${v.t.settings.title}</h1></header>`,
      "account-settings": accountSection(v, form),
      "second-factor": secondFactorSection(
        v,
        {
          ...(await deps.access.secondFactors.state(user.userID)),
          required: deps.access.requiresSecondFactor(user.grants),
          pending: await deps.access.secondFactors.pending(user.userID, user.name),
        },
        form,
      ),
      display: displaySection(v),
      sessions: sessionsSection(v, await deps.access.sessions.list(user.userID), user.session),
      tokens: await tokens(ctx, tenants),
      ...(deps.access.may(user, "admin") ? await administration(ctx, tenants) : {}),
    };
    const { config, whole } = deps;
    const size = deps.access.may(user, "viewer", {}) ? whole.history.size() : undefined;
    fragments.history = historySection(v, {
      ...size,
      keptMs: config.eventRetentionMs,
      maxBytes: config.eventMaxBytes,
      sessionIdleMs: config.sessionIdleMs,
      sessionMaxMs: config.sessionMaxMs,
    });
    if (size) {
      fragments["metrics-history"] = metricsSection(v, {
        ...whole.metrics.sizes(),
        maxBytes: config.historyMaxBytes,
      });
      fragments["remote-write"] = remoteWriteSection(v, whole.remoteWrite?.state());
    }
    fragments.versions = versionsSection(v, version);
    return { title: v.t.settings.title, fragments };
  },
};

async function tokens({ v, deps, user, form }: PageContext, tenants: TenantNames): Promise<Html> {
  const found = await listTokens(deps.database, { kind: "api" });
  const rows = found.flatMap(({ grant, ...one }): TokenRow[] =>
    grant && isTheirs(deps, user, { ...one, grant }) ? [{ ...one, grant }] : [],
  );
  return tokensSection(
    v,
    {
      tokens: rows,
      own: user.userID,
      most: user.role,
      places: [
        { value: "", name: "" },
        ...(await placesOf(deps, user, tenants, false)).filter((one) => one.value !== ""),
      ],
      tenants,
      nobodys: deps.access.may(user, "admin"),
    },
    form,
  );
}

/** What is shown to administrators: of users and invitations those that they administer at least in part. */
async function administration(
  { v, deps, user, form }: PageContext,
  tenants: TenantNames,
): Promise<Record<string, Html>> {
  const { access } = deps;
  const installation = access.may(user, "admin", {});
  const places = await placesOf(deps, user, tenants, true);
  const users = (await access.users.list()).flatMap((one): UserRow[] => {
    const grants = one.grants.filter((grant) => access.mayGive(user, grant));
    const whole = access.administers(user, one.grants);
    return whole || grants.length > 0 ? [{ ...one, grants, whole }] : [];
  });
  const invitations = (await access.invitations.list()).filter((one) => access.mayGive(user, one.grant));
  const looked = users.find((one) => one.whole && one.id === v.query.get("user"));
  return {
    users: usersSection(v, { users, own: user.userID, places, tenants, everybody: installation }, form),
    ...(looked
      ? { "user-sessions": userSessionsSection(v, looked, await access.sessions.list(looked.id)) }
      : {}),
    invitations: invitationsSection(v, invitations, { places, tenants }, form),
    ...(installation
      ? {
          tenants: tenantsSection(
            v,
            (await listTenants(deps.database)).map((one) => ({
              ...one,
              removable: one.id !== defaultTenant,
            })),
            form,
          ),
        }
      : {}),
  };
}
