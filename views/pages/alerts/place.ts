import type { AlertView } from "../../alert-model.ts";
import { type Content, html, nothing } from "../../html.ts";
import type { PlaceView } from "../../parts/grant.ts";
import { mark } from "../../parts/state.ts";
import { clusterName, type Viewing } from "../../viewing.ts";
import { alertHref, alertObject } from "./list.ts";

/** Where something holds: a tenant only where there are several. */
export function placeText(
  v: Viewing,
  one: { tenant?: string; cluster?: string; namespace?: string },
  tenants: ReadonlyMap<string, string>,
): string {
  const t = v.t.alerts.rules;
  return [
    one.tenant && tenants.size > 1 ? t.tenant(tenants.get(one.tenant) ?? one.tenant) : "",
    one.cluster ? t.cluster(clusterName(v, one.cluster)) : "",
    one.namespace ?? "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** A place as a form has it, but for the namespace. */
export const placeValue = (one: { tenant?: string; cluster?: string }): string =>
  one.cluster ? `cluster:${one.cluster}` : one.tenant ? `tenant:${one.tenant}` : "";

/** Places as a form offers them. */
export const placeOptions = (v: Viewing, places: readonly PlaceView[]): [string, string][] =>
  places.map(({ value, name }) => [
    value,
    value === ""
      ? v.t.alerts.rules.everywhere
      : value.startsWith("tenant:")
        ? v.t.alerts.rules.tenant(name)
        : v.t.alerts.rules.cluster(name),
  ]);

/** What would be hidden now; nothing until that is asked. */
export function hiddenList(v: Viewing, alerts: readonly AlertView[] | undefined, id: string): Content {
  if (!alerts) return nothing;
  return html`<div role="status" id="${id}" tabindex="-1" autofocus><p>${v.t.alerts.silences.would(alerts.length)}</p><ul class="firing">${alerts
    .slice(0, 50)
    .map(
      (one) =>
        html`<li>${mark(v, one.severity)}<a href="${alertHref(v, one)}">${one.name}</a> <span>${alertObject(v, one)}</span></li>`,
    )}</ul></div>`;
}
