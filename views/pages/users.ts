import { type Html, html, nothing } from "../html.ts";
import { field } from "../parts/form.ts";
import {
  grantFields,
  type GrantView,
  type PlaceView,
  placeText,
  roleOptions,
  type TenantNames,
} from "../parts/grant.ts";
import { badge } from "../parts/state.ts";
import { age } from "../parts/time.ts";
import type { Viewing } from "../viewing.ts";
import { faultOf, form, type SessionInfo, sessionTable, type SettingsForm } from "./settings.ts";

export interface UserGrant extends GrantView {
  id: string;
  byProvider: boolean;
}

/** A user as far as the viewer administers them. */
export interface UserRow {
  id: string;
  name: string;
  grants: readonly UserGrant[];
  /** Whether the viewer administers all that this user may, and so the account itself. */
  whole: boolean;
  lastSignInMs: number | undefined;
}

export interface UsersData {
  users: readonly UserRow[];
  own: string;
  places: readonly PlaceView[];
  tenants: TenantNames;
  /** Whether the viewer may sign everybody out. */
  everybody: boolean;
}

const idField = (id: string) => html`<input type="hidden" name="id" value="${id}">`;

export function usersSection(v: Viewing, data: UsersData, posted?: SettingsForm): Html {
  const { t } = v;
  const { users, own, places } = data;
  const [adding, giving] = ["user-add", "user-grant"].map((one) => (posted?.do === one ? posted : undefined));
  const other =
    posted?.do.startsWith("user-") && !adding && !giving
      ? (posted.faults[""] ?? Object.values(posted.faults)[0])
      : undefined;
  const fault = (action: string, name: string, whole = false) => faultOf(v, posted, action, name, whole);
  return html`<section id="users" class="panel" hx-morph-skip><h2>${t.settings.users}</h2>${other ? html`<p class="fault" role="alert">${v.t.told(other)}</p>` : nothing}<table class="plain"><thead><tr><th>${t.column.name}</th><th>${t.grants.roles}</th><th class="right">${t.settings.lastSignIn}</th><th><span class="sr">${t.common.actions}</span></th></tr></thead><tbody>${users.map(
    (one) =>
      html`<tr><td>${one.name}${one.id === own ? html` ${badge(t.settings.you)}` : nothing}</td><td class="grow wrap">${grantList(v, one, data)}</td><td class="right">${one.lastSignInMs ? age(v, one.lastSignInMs) : t.common.never}</td><td class="right">${one.id === own || !one.whole ? nothing : html`<button type="button" class="button" data-dialog="user-${one.id}" aria-haspopup="dialog" aria-label="${t.grants.manage}: ${one.name}">${t.grants.manage}</button>`}</td></tr>`,
  )}</tbody></table>${users.filter((one) => one.id !== own && one.whole).map((one) => userDialogs(v, one))}${data.everybody && users.length > 1 ? form(v, "user-sign-out-all", html`<button class="button">${t.settings.signOutAll}</button>`, "inline") : nothing}<details class="fold"${adding ? html` open` : nothing}><summary>${t.settings.addUser}</summary>${form(
    v,
    "user-add",
    html`${field({ id: "user-name", name: "name", label: t.column.name, value: adding?.values.name ?? "", autocomplete: "off", required: true, maxlength: 64, fault: fault("user-add", "name", true) })}${grantFields(v, "user", places, adding?.values, { namespaces: fault("user-add", "namespaces") })}${field({ id: "user-password", name: "password", label: t.signIn.password, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint(v.passwordLeast), required: true, fault: fault("user-add", "password") })}<div class="row"><button class="button primary">${t.settings.addUser}</button></div>`,
  )}</details><details class="fold"${giving ? html` open` : nothing}><summary>${t.grants.give}</summary>${form(
    v,
    "user-grant",
    html`<p class="soft">${t.grants.giveHow}</p>${field({ id: "grant-name", name: "name", label: t.grants.giveTo, value: giving?.values.name ?? "", autocomplete: "off", required: true, maxlength: 200, fault: fault("user-grant", "name", true) })}${grantFields(v, "grant", places, giving?.values, { namespaces: fault("user-grant", "namespaces") })}<div class="row"><button class="button primary">${t.grants.give}</button></div>`,
  )}</details></section>`;
}

function grantList(v: Viewing, user: UserRow, { tenants }: UsersData): Html {
  const t = v.t.grants;
  if (user.grants.length === 0) return html`<span class="soft">${t.none}</span>`;
  return html`<ul class="grants">${user.grants.map((one) => {
    const where = placeText(v, one, tenants);
    const said = html`${v.t.settings.roles[one.role]} · ${where}`;
    if (one.byProvider)
      return html`<li>${said} <span class="soft" title="${t.byProviderHow}">${t.byProvider}</span></li>`;
    const what = `${v.t.settings.roles[one.role]} · ${where}`;
    return html`<li>${form(v, "user-role", html`${idField(one.id)}<select name="role" aria-label="${v.t.settings.role}: ${user.name}, ${where}" data-submit>${roleOptions(v).map(([role, label]) => html`<option value="${role}"${role === one.role ? html` selected` : nothing}>${label}</option>`)}</select><noscript><button class="button">${v.t.settings.setRole}</button></noscript>`, "inline")} ${where} ${form(v, "user-grant-remove", html`${idField(one.id)}<button class="icon-button" title="${t.takeTitle(what, user.name)}" aria-label="${t.takeTitle(what, user.name)}">×</button>`, "inline")}</li>`;
  })}</ul>`;
}

function userButtons(v: Viewing, one: UserRow): Html {
  const t = v.t.settings;
  return html`<div class="row">${form(v, "user-totp-reset", html`${idField(one.id)}<button class="button" title="${t.secondResetText}">${t.secondReset}</button>`, "inline")} <a class="button" href="/settings?user=${one.id}#user-sessions">${v.t.grants.sessions}</a> ${form(v, "user-sign-out", html`${idField(one.id)}<button class="button">${t.signOutUser}</button>`, "inline")} <button type="button" class="button" data-dialog="password-${one.id}">${t.setPassword}</button> <button type="button" class="button" data-dialog="remove-${one.id}">${t.removeUser}</button></div>`;
}

function userDialogs(v: Viewing, one: UserRow): Html {
  const { t } = v;
  const id = idField(one.id);
  const cancel = html`<button type="button" class="button" data-close>${t.common.cancel}</button>`;
  return html`<dialog id="user-${one.id}" class="sheet"><h2>${one.name}</h2>${userButtons(v, one)}<div class="row">${cancel}</div></dialog>
<dialog id="password-${one.id}" class="sheet"><h2>${t.settings.setPassword}: ${one.name}</h2>${form(v, "user-password", html`${id}${field({ id: `password-${one.id}`, name: "password", label: t.signIn.newPassword, type: "password", autocomplete: "new-password", hint: t.signIn.passwordHint(v.passwordLeast), required: true })}<div class="row"><button class="button primary">${t.settings.setPassword}</button>${cancel}</div>`)}</dialog>
<dialog id="remove-${one.id}" class="sheet"><h2>${t.settings.removeUserTitle(one.name)}</h2>${form(v, "user-remove", html`${id}<p>${t.settings.removeUserText}</p><div class="row">${cancel}<button class="button danger">${t.settings.removeUser}</button></div>`)}</dialog>`;
}

/** Where somebody else is signed in, for who administers them. */
export function userSessionsSection(
  v: Viewing,
  user: { id: string; name: string },
  sessions: readonly SessionInfo[],
): Html {
  const { t } = v;
  return html`<section id="user-sessions" class="panel"><h2>${t.grants.sessionsOf(user.name)}</h2>${
    sessions.length === 0
      ? html`<p class="soft">${t.grants.noSessions}</p>`
      : sessionTable(v, sessions, (one) =>
          form(
            v,
            "user-session-end",
            html`${idField(user.id)}<input type="hidden" name="session" value="${one.id}"><button class="button">${t.settings.end}</button>`,
            "inline",
          ),
        )
  }</section>`;
}
