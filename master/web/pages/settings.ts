import type { Html } from "../../../views/html.ts";
import {
  accountSection,
  displaySection,
  historySection,
  sessionsSection,
  tokensSection,
  usersSection,
  versionsSection,
} from "../../../views/pages/settings.ts";
import { invitationsSection } from "../../../views/pages/invitations.ts";
import { secondFactorSection } from "../../../views/pages/second-factor.ts";
import { html } from "../../../views/html.ts";
import { may } from "../../../views/viewing.ts";
import { version } from "../../../wire/version.ts";
import { listTokens } from "../../database/tokens.ts";
import type { Page } from "../page.ts";

export const settingsPage: Page = {
  path: "/settings",
  nav: "settings",
  topics: ["clusters", "status"],
  async load({ v, deps, user, form }) {
    const fragments: Record<string, Html> = {
      head: html`<header id="head" class="head"><h1>${v.t.settings.title}</h1></header>`,
      "account-settings": accountSection(v, form),
      "second-factor": secondFactorSection(
        v,
        {
          ...(await deps.access.secondFactors.state(user.userID)),
          pending: await deps.access.secondFactors.pending(user.userID, user.name),
        },
        form,
      ),
      display: displaySection(v),
      sessions: sessionsSection(v, await deps.access.sessions.list(user.userID), user.session),
    };
    if (may(v, "admin")) {
      fragments.tokens = tokensSection(v, await listTokens(deps.database, { kind: "api" }), form);
      fragments.users = usersSection(v, await deps.access.users.list(), user.userID, form);
      fragments.invitations = invitationsSection(v, await deps.access.invitations.list(), form);
    }
    const { config, history } = deps;
    fragments.history = historySection(v, {
      ...history.size(),
      keptMs: config.eventRetentionMs,
      maxBytes: config.eventMaxBytes,
      sessionIdleMs: config.sessionIdleMs,
      sessionMaxMs: config.sessionMaxMs,
    });
    fragments.versions = versionsSection(v, version);
    return { title: v.t.settings.title, fragments };
  },
};
