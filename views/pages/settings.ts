import { type Content, type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { csrfField, field, selectField } from "../parts/form.ts";
import { formatBytes, formatDuration } from "../parts/format.ts";
import { badge } from "../parts/state.ts";
import { langForm, themeForm } from "../parts/top.ts";
import { age } from "../parts/time.ts";
import type { Role, Viewing } from "../viewing.ts";

export interface SettingsForm {
  do: string;
  values: Record<string, string>;
  faults: Record<string, string>;
  shown: Record<string, string>;
}
export interface SessionInfo {
  id: string;
  createdMs: number;
  lastUsedMs: number;
  address: string;
  userAgent: string;
}
export interface TokenInfo {
  id: string;
  name: string;
  role: Role | undefined;
  createdMs: number;
  lastUsedMs: number | undefined;
  expiresMs: number | undefined;
}
export interface UserInfo {
  id: string;
  name: string;
  role: Role;
  createdMs: number;
  lastSignInMs: number | undefined;
}

const roles: readonly Role[] = ["viewer", "operator", "admin"];
const here = "/settings";

function form(v: Viewing, action: string, content: Content, className = "form"): Html {
  return html`<form class="${className}" method="post" action="${here}">${csrfField(v.csrf)}<input type="hidden" name="do" value="${action}">${content}</form>`;
}

/** A fault of the whole form stands beside the field that it most likely is about. */
function faultOf(v: Viewing, posted: SettingsForm | undefined, action: string, name: string, whole = false) {
  if (posted?.do !== action) return undefined;
  const own = posted.faults[name];
  const fault = own ?? (whole ? posted.faults[""] : undefined);
  return fault && v.t.told(fault);
}

export function accountSection(v: Viewing, posted?: SettingsForm): Html {
  const { t } = v;
  return html`<section id="account-settings" class="panel" hx-morph-skip><h2>${t.settings.account}</h2><p>${v.user.name} ${badge(t.settings.roles[v.user.role])}</p>${
    v.query.get("changed") === "password" ? html`<p role="status">${t.settings.changed}</p>` : nothing
  }${form(
    v,
    "password",
    html`<input type="text" name="username" value="${v.user.name}" autocomplete="username" hidden>${field({ name: "current", label: t.settings.current, type: "password", autocomplete: "current-password", required: true, fault: faultOf(v, posted, "password", "current", true) && t.settings.wrongPassword })}${field({ name: "password", label: t.settings.newPassword, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint, required: true, fault: faultOf(v, posted, "password", "password") })}<div class="row"><button class="button primary">${t.settings.change}</button></div>`,
  )}</section>`;
}

export function displaySection(v: Viewing): Html {
  return html`<section id="display" class="panel" hx-morph-skip><h2>${v.t.settings.display}</h2><div>${themeForm(v, "row")}</div><div>${langForm(v, "row")}</div></section>`;
}

export function sessionsSection(v: Viewing, sessions: readonly SessionInfo[], own: string): Html {
  const { t } = v;
  return html`<section id="sessions" class="panel"><h2>${t.settings.sessions}</h2><table class="plain"><thead><tr><th>${t.settings.address}</th><th>${t.settings.browser}</th><th class="right">${t.settings.signedIn}</th><th class="right">${t.settings.lastUsed}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${sessions.map(
    (one) =>
      html`<tr><td class="mono">${one.address}</td><td class="grow" title="${one.userAgent}">${one.userAgent}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${age(v, one.lastUsedMs)}</td><td class="right">${
        one.id === own
          ? badge(t.settings.sessionHere)
          : form(
              v,
              "session-end",
              html`<input type="hidden" name="id" value="${one.id}"><button class="button">${t.settings.end}</button>`,
              "inline",
            )
      }</td></tr>`,
  )}</tbody></table></section>`;
}

export function tokensSection(v: Viewing, tokens: readonly TokenInfo[], posted?: SettingsForm): Html {
  const { t } = v;
  const values = posted?.do === "token-create" ? posted.values : {};
  return html`<section id="tokens" class="panel" hx-morph-skip><h2>${t.settings.tokens}</h2><p class="soft">${t.settings.tokensHow} <a href="/api">/api</a></p>${
    posted?.shown.token
      ? html`<div role="status"><p>${t.settings.tokenShown(posted.shown.name ?? "")}</p>${command(v, posted.shown.token)}</div>`
      : nothing
  }${
    tokens.length === 0
      ? html`<p class="soft">${t.settings.noTokens}</p>`
      : html`<table class="plain"><thead><tr><th>${t.settings.tokenName}</th><th>${t.settings.role}</th><th class="right">${t.settings.created}</th><th class="right">${t.settings.lastUsed}</th><th class="right">${t.settings.expires}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${tokens.map(
          (one) =>
            html`<tr><td class="grow">${one.name}</td><td>${one.role ? t.settings.roles[one.role] : ""}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${one.lastUsedMs ? age(v, one.lastUsedMs) : t.common.never}</td><td class="right">${one.expiresMs ? formatDuration(one.expiresMs - v.now) : t.common.never}</td><td class="right">${form(v, "token-revoke", html`<input type="hidden" name="id" value="${one.id}"><button class="button">${t.settings.revoke}</button>`, "inline")}</td></tr>`,
        )}</tbody></table>`
  }${form(
    v,
    "token-create",
    html`${field({ id: "token-name", name: "name", label: t.settings.tokenName, value: values.name ?? "", required: true, maxlength: 100, fault: faultOf(v, posted, "token-create", "name", true) })}${selectField("role", t.settings.role, roleOptions(v), values.role ?? "viewer", "token-role")}${selectField("days", t.settings.expires, Object.entries(t.settings.expiry), values.days ?? "", "token-days")}<div class="row"><button class="button primary">${t.settings.createToken}</button></div>`,
  )}</section>`;
}

function roleOptions(v: Viewing): [string, string][] {
  return roles.map((one) => [one, v.t.settings.roles[one]]);
}

export function usersSection(
  v: Viewing,
  users: readonly UserInfo[],
  own: string,
  posted?: SettingsForm,
): Html {
  const { t } = v;
  const adding = posted?.do === "user-add" ? posted : undefined;
  const other =
    posted?.do.startsWith("user-") && !adding
      ? (posted.faults[""] ?? Object.values(posted.faults)[0])
      : undefined;
  return html`<section id="users" class="panel" hx-morph-skip><h2>${t.settings.users}</h2>${other ? html`<p class="fault" role="alert">${other}</p>` : nothing}<table class="plain"><thead><tr><th>${t.column.name}</th><th>${t.settings.role}</th><th class="right">${t.settings.lastSignIn}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${users.map(
    (one) =>
      html`<tr><td class="grow">${one.name}${one.id === own ? html` ${badge(t.settings.you)}` : nothing}</td><td>${form(v, "user-role", html`<input type="hidden" name="id" value="${one.id}"><select name="role" aria-label="${t.settings.role}: ${one.name}" data-submit>${roleOptions(v).map(([role, label]) => html`<option value="${role}"${role === one.role ? html` selected` : nothing}>${label}</option>`)}</select><noscript><button class="button">${t.settings.setRole}</button></noscript>`, "inline")}</td><td class="right">${one.lastSignInMs ? age(v, one.lastSignInMs) : t.common.never}</td><td class="right">${one.id === own ? nothing : html`${form(v, "user-totp-reset", html`<input type="hidden" name="id" value="${one.id}"><button class="button" title="${t.settings.secondResetText}">${t.settings.secondReset}</button>`, "inline")} ${form(v, "user-sign-out", html`<input type="hidden" name="id" value="${one.id}"><button class="button">${t.settings.signOutUser}</button>`, "inline")} <button type="button" class="button" data-dialog="password-${one.id}">${t.settings.setPassword}</button> <button type="button" class="button" data-dialog="remove-${one.id}">${t.settings.removeUser}</button>`}</td></tr>`,
  )}</tbody></table>${users.filter((one) => one.id !== own).map((one) => userDialogs(v, one))}${users.length > 1 ? form(v, "user-sign-out-all", html`<button class="button">${t.settings.signOutAll}</button>`, "inline") : nothing}${form(
    v,
    "user-add",
    html`<h3>${t.settings.addUser}</h3>${field({ id: "user-name", name: "name", label: t.column.name, value: adding?.values.name ?? "", autocomplete: "off", required: true, maxlength: 64, fault: faultOf(v, posted, "user-add", "name", true) })}${selectField("role", t.settings.role, roleOptions(v), adding?.values.role ?? "viewer", "user-role")}${field({ id: "user-password", name: "password", label: t.signIn.password, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint, required: true, fault: faultOf(v, posted, "user-add", "password") })}<div class="row"><button class="button primary">${t.settings.addUser}</button></div>`,
  )}</section>`;
}

function userDialogs(v: Viewing, one: UserInfo): Html {
  const { t } = v;
  const id = html`<input type="hidden" name="id" value="${one.id}">`;
  const cancel = html`<button type="button" class="button" data-close>${t.common.cancel}</button>`;
  return html`<dialog id="password-${one.id}" class="sheet"><h2>${t.settings.setPassword}: ${one.name}</h2>${form(v, "user-password", html`${id}${field({ id: `password-${one.id}`, name: "password", label: t.signIn.newPassword, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint, required: true })}<div class="row"><button class="button primary">${t.settings.setPassword}</button>${cancel}</div>`)}</dialog>
<dialog id="remove-${one.id}" class="sheet"><h2>${t.settings.removeUserTitle(one.name)}</h2>${form(v, "user-remove", html`${id}<p>${t.settings.removeUserText}</p><div class="row">${cancel}<button class="button danger">${t.settings.removeUser}</button></div>`)}</dialog>`;
}

export interface Retention {
  events: number;
  bytes: number;
  keptMs: number;
  maxBytes: number;
  sessionIdleMs: number;
  sessionMaxMs: number;
}

export function historySection(v: Viewing, one: Retention): Html {
  const { t } = v;
  return html`<section id="history" class="panel"><h2>${t.settings.history}</h2><p>${t.settings.stored(one.events, formatBytes(one.bytes))} ${t.settings.retention(formatDuration(one.keptMs), formatBytes(one.maxBytes))}</p><p class="soft">${t.settings.setBy} <code>ATLHYPER_EVENT_RETENTION</code>, <code>ATLHYPER_EVENT_MAX_SIZE</code></p><p>${t.settings.sessionRule(formatDuration(one.sessionIdleMs), formatDuration(one.sessionMaxMs))}</p><p class="soft">${t.settings.setBy} <code>ATLHYPER_SESSION_IDLE</code>, <code>ATLHYPER_SESSION_MAX</code></p></section>`;
}

export function versionsSection(v: Viewing, version: string): Html {
  const { t } = v;
  return html`<section id="versions" class="panel"><h2>${t.settings.versions}</h2><table class="plain"><tbody><tr><td class="grow">${t.settings.master}</td><td class="mono right">${version}</td></tr>${v.clusters.map(
    (one) =>
      html`<tr><td class="grow">${t.clusters.agent} · ${one.name}</td><td class="mono right">${one.status?.agentVersion ?? "–"}${one.status && one.status.agentVersion !== version ? html` ${badge("≠", "info")}` : nothing}</td></tr>`,
  )}</tbody></table></section>`;
}
