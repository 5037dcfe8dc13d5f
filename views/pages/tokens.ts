import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { field, selectField } from "../parts/form.ts";
import { grantFields, type GrantView, type PlaceView, placeText, type TenantNames } from "../parts/grant.ts";
import { formatDuration } from "../parts/format.ts";
import { badge } from "../parts/state.ts";
import { age } from "../parts/time.ts";
import type { Role, Viewing } from "../viewing.ts";
import { faultOf, form, type SettingsForm } from "./settings.ts";

export interface TokenRow {
  id: string;
  name: string;
  grant: GrantView;
  readOnly: boolean;
  /** The user whose token it is. */
  owner: { id: string; name: string } | undefined;
  createdMs: number;
  lastUsedMs: number | undefined;
  expiresMs: number | undefined;
}

export interface TokensData {
  tokens: readonly TokenRow[];
  own: string;
  /** The highest role that a token can be given. */
  most: Role;
  /** Where a token can be for. */
  places: readonly PlaceView[];
  tenants: TenantNames;
  /** Whether the viewer may make tokens that are nobody's. */
  nobodys: boolean;
}

/** The viewer's API tokens, and those of what they administer; the form that makes one. */
export function tokensSection(v: Viewing, data: TokensData, posted?: SettingsForm): Html {
  const { t } = v;
  const { tokens, most, places, nobodys } = data;
  const values = posted?.do === "token-create" ? posted.values : {};
  const fault = (name: string, whole = false) => faultOf(v, posted, "token-create", name, whole);
  const whose = Object.entries({ own: t.grants.mine, nobody: t.grants.nobodys });
  return html`<section id="tokens" class="panel" hx-morph-skip><h2>${t.settings.tokens}</h2><p class="soft">${t.settings.tokensHow} <a href="/api">/api</a></p>${
    posted?.shown.token
      ? html`<div role="status"><p>${t.settings.tokenShown(posted.shown.name ?? "")}</p>${command(v, posted.shown.token)}</div>`
      : nothing
  }${
    tokens.length === 0
      ? html`<p class="soft">${t.settings.noTokens}</p>`
      : html`<table class="plain"><thead><tr><th>${t.settings.tokenName}</th><th>${t.settings.role}</th><th class="right">${t.settings.created}</th><th class="right">${t.settings.lastUsed}</th><th class="right">${t.settings.expires}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${tokens.map((one) => tokenRow(v, one, data))}</tbody></table>`
  }<details class="fold"${posted?.do === "token-create" && !posted.shown.token ? html` open` : nothing}><summary>${t.settings.createToken}</summary>${form(
    v,
    "token-create",
    html`${field({ id: "token-name", name: "name", label: t.settings.tokenName, value: values.name ?? "", required: true, maxlength: 100, fault: fault("name", true) })}${nobodys ? selectField("whose", t.grants.whose, whose, values.whose ?? "own", "token-whose") : nothing}${grantFields(v, "token", places, values, { most, namespaces: fault("namespaces") })}<label class="tick"><input type="checkbox" name="readOnly" value="1"${values.readOnly === "1" ? html` checked` : nothing}> ${t.grants.readOnly}</label>${selectField("days", t.settings.expires, Object.entries(t.settings.expiry), values.days ?? "", "token-days")}<div class="row"><button class="button primary">${t.settings.createToken}</button></div>`,
  )}</details></section>`;
}

function tokenRow(v: Viewing, one: TokenRow, { own, tenants }: TokensData): Html {
  const { t } = v;
  const whose =
    one.owner === undefined
      ? nothing
      : html` ${badge(one.owner.id === own ? t.grants.yours : t.grants.ownedBy(one.owner.name))}`;
  return html`<tr><td title="${one.name}">${one.name}${whose}</td><td class="grow wrap">${t.settings.roles[one.grant.role]} · ${placeText(v, one.grant, tenants)}${one.readOnly ? html` ${badge(t.grants.readOnlyShort)}` : nothing}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${one.lastUsedMs ? age(v, one.lastUsedMs) : t.common.never}</td><td class="right">${one.expiresMs ? formatDuration(one.expiresMs - v.now) : t.common.never}</td><td class="right">${form(v, "token-revoke", html`<input type="hidden" name="id" value="${one.id}"><button class="button">${t.settings.revoke}</button>`, "inline")}</td></tr>`;
}
