import { type Html, html, nothing } from "../html.ts";
import { field } from "../parts/form.ts";
import type { Viewing } from "../viewing.ts";
import { faultOf, form, type SettingsForm } from "./settings.ts";

export interface TenantRow {
  id: string;
  name: string;
  clusters: number;
  /** Whether it can be removed at all: the first one always stays. */
  removable: boolean;
}

/** Who owns clusters, for the installation's administrators. */
export function tenantsSection(v: Viewing, tenants: readonly TenantRow[], posted?: SettingsForm): Html {
  const { t } = v;
  const adding = posted?.do === "tenant-add" ? posted : undefined;
  const other =
    posted?.do.startsWith("tenant-") && !adding
      ? (posted.faults[""] ?? Object.values(posted.faults)[0])
      : undefined;
  const cancel = html`<button type="button" class="button" data-close>${t.common.cancel}</button>`;
  const id = (one: TenantRow) => html`<input type="hidden" name="id" value="${one.id}">`;
  return html`<section id="tenants" class="panel" hx-morph-skip><h2>${t.grants.tenants}</h2><p class="soft">${t.grants.tenantsHow}</p>${other ? html`<p class="fault" role="alert">${t.told(other)}</p>` : nothing}<table class="plain"><tbody>${tenants.map(
    (one) =>
      html`<tr><td class="grow">${one.name}</td><td class="right">${t.grants.tenantClusters(one.clusters)}</td><td class="right"><button type="button" class="button" data-dialog="tenant-name-${one.id}">${t.grants.tenantRename}</button>${one.removable ? html` <button type="button" class="button" data-dialog="tenant-remove-${one.id}">${t.grants.tenantRemove}</button>` : nothing}</td></tr>`,
  )}</tbody></table>${tenants.map(
    (one) =>
      html`<dialog id="tenant-name-${one.id}" class="sheet"><h2>${t.grants.tenantRename}: ${one.name}</h2>${form(v, "tenant-rename", html`${id(one)}${field({ id: `tenant-${one.id}`, name: "name", label: t.column.name, value: one.name, required: true, maxlength: 100, autocomplete: "off" })}<div class="row"><button class="button primary">${t.grants.tenantRename}</button>${cancel}</div>`)}</dialog>${
        one.removable
          ? html`<dialog id="tenant-remove-${one.id}" class="sheet"><h2>${t.grants.tenantRemoveTitle(one.name)}</h2>${form(v, "tenant-remove", html`${id(one)}<p>${t.grants.tenantRemoveText}</p><div class="row">${cancel}<button class="button danger">${t.grants.tenantRemove}</button></div>`)}</dialog>`
          : nothing
      }`,
  )}<details class="fold"${adding ? html` open` : nothing}><summary>${t.grants.tenantAdd}</summary>${form(
    v,
    "tenant-add",
    html`${field({ id: "tenant-new", name: "name", label: t.column.name, value: adding?.values.name ?? "", required: true, maxlength: 100, autocomplete: "off", fault: faultOf(v, posted, "tenant-add", "name", true) })}<div class="row"><button class="button primary">${t.grants.tenantAdd}</button></div>`,
  )}</details></section>`;
}
