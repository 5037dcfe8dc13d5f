import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { csrfField, field, selectField } from "../parts/form.ts";
import { age, until } from "../parts/time.ts";
import type { Role, Viewing } from "../viewing.ts";
import type { SettingsForm } from "./settings.ts";

export interface InvitationInfo {
  id: string;
  role: Role;
  note: string;
  byName: string;
  createdMs: number;
  expiresMs: number;
}

/** Links by which people become users, and the form that makes one. */
export function invitationsSection(v: Viewing, all: readonly InvitationInfo[], posted?: SettingsForm): Html {
  const t = v.t.settings;
  const fault = posted?.do === "invite" ? (posted.faults.note ?? posted.faults[""]) : undefined;
  const link = posted?.shown.invitation;
  return html`<section id="invitations" class="panel" hx-morph-skip><h2>${t.invite}</h2>${
    link ? html`<div role="status"><p>${t.inviteShown}</p>${command(v, link)}</div>` : nothing
  }${
    all.length > 0
      ? html`<h3>${t.invitations}</h3><table class="plain"><tbody>${all.map(
          (one) =>
            html`<tr><td class="grow">${one.note || "–"} <span class="soft">${t.inviteBy(one.byName)}</span></td><td>${t.roles[one.role]}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${until(v, one.expiresMs)}</td><td class="right"><form class="inline" method="post" action="/settings">${csrfField(v.csrf)}<input type="hidden" name="do" value="invite-revoke"><input type="hidden" name="id" value="${one.id}"><button class="button">${t.revoke}</button></form></td></tr>`,
        )}</tbody></table>`
      : nothing
  }<form class="form" method="post" action="/settings">${csrfField(v.csrf)}<input type="hidden" name="do" value="invite">${field({ id: "invite-note", name: "note", label: t.inviteNote, maxlength: 200, autocomplete: "off", value: posted?.do === "invite" ? (posted.values.note ?? "") : "", fault: fault && v.t.told(fault) })}${selectField("role", t.role, Object.entries(t.roles), "viewer", "invite-role")}${selectField("days", t.inviteDays, Object.entries(t.inviteDay), "7", "invite-days")}<div class="row"><button class="button primary">${t.invite}</button></div></form></section>`;
}
