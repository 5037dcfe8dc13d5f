import { type Html, html, nothing } from "../html.ts";
import { command } from "../parts/empty.ts";
import { csrfField, field, selectField } from "../parts/form.ts";
import { age, until } from "../parts/time.ts";
import { grantFields, type GrantView, type PlaceView, placeText, type TenantNames } from "../parts/grant.ts";
import type { Viewing } from "../viewing.ts";
import { faultOf, type SettingsForm } from "./settings.ts";

export interface InvitationInfo {
  id: string;
  grant: GrantView;
  note: string;
  byName: string;
  createdMs: number;
  expiresMs: number;
}

/** Links by which people become users, and the form that makes one. */
export function invitationsSection(
  v: Viewing,
  all: readonly InvitationInfo[],
  { places, tenants }: { places: readonly PlaceView[]; tenants: TenantNames },
  posted?: SettingsForm,
): Html {
  const t = v.t.settings;
  const fault = posted?.do === "invite" ? (posted.faults.note ?? posted.faults[""]) : undefined;
  const link = posted?.shown.invitation;
  return html`<section id="invitations" class="panel" hx-morph-skip><h2>${t.invitations}</h2>${
    link ? html`<div role="status"><p>${t.inviteShown}</p>${command(v, link)}</div>` : nothing
  }${
    all.length > 0
      ? html`<table class="plain"><tbody>${all.map(
          (one) =>
            html`<tr><td class="grow">${one.note || "–"} <span class="soft">${t.inviteBy(one.byName)}</span></td><td class="wrap">${t.roles[one.grant.role]} · ${placeText(v, one.grant, tenants)}</td><td class="right">${age(v, one.createdMs)}</td><td class="right">${until(v, one.expiresMs)}</td><td class="right"><form class="inline" method="post" action="/settings">${csrfField(v.csrf)}<input type="hidden" name="do" value="invite-revoke"><input type="hidden" name="id" value="${one.id}"><button class="button">${t.revoke}</button></form></td></tr>`,
        )}</tbody></table>`
      : html`<p class="soft">${t.noInvitations}</p>`
  }<details class="fold"${fault || (posted?.do === "invite" && !link) ? html` open` : nothing}><summary>${t.inviteSomebody}</summary><form class="form" method="post" action="/settings">${csrfField(v.csrf)}<input type="hidden" name="do" value="invite">${field({ id: "invite-note", name: "note", label: t.inviteNote, maxlength: 200, autocomplete: "off", value: posted?.do === "invite" ? (posted.values.note ?? "") : "", fault: fault && v.t.told(fault) })}${grantFields(v, "invite", places, posted?.do === "invite" ? posted.values : {}, { namespaces: faultOf(v, posted, "invite", "namespaces") })}${selectField("days", t.inviteDays, Object.entries(t.inviteDay), "7", "invite-days")}<div class="row"><button class="button primary">${t.invite}</button></div></form></details></section>`;
}
