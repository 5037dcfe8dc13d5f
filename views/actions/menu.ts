import { type Html, html, nothing } from "../html.ts";
import { icon } from "../parts/svg.ts";
import type { Viewing } from "../viewing.ts";
import { dialogHref, type Offer, offersOf, reasonText } from "./offers.ts";
import type { ActionKey, ActionObject } from "./registry.ts";

/** Menu entries, those that cannot be done with their reason under them. */
function menuItems(v: Viewing, offers: readonly Offer[]): Html {
  if (offers.length === 0) return html`<p class="soft">${v.t.actions.none}</p>`;
  return html`${offers.map((offer) => item(v, offer))}`;
}

function item(v: Viewing, offer: Offer): Html {
  const label = v.t.actions.name[offer.action.key];
  if (offer.reason)
    return html`<a role="link" aria-disabled="true" tabindex="0">${label}<span class="soft small">${reasonText(v.t, offer.reason)}</span></a>`;
  return html`<a href="${offer.href}"${offer.dialog ? html` data-act` : nothing}${offer.danger ? html` class="danger"` : nothing}>${label}</a>`;
}

/** What can be done with all, or some, of several objects of one kind: what none of them can is disabled. */
export function offersOfAll(v: Viewing, objects: readonly ActionObject[]): Offer[] {
  if (objects.length === 1) return offersOf(v, objects[0]!);
  const found = new Map<ActionKey, Offer[]>();
  for (const one of objects)
    for (const offer of offersOf(v, one))
      if (offer.action.several) found.set(offer.action.key, [...(found.get(offer.action.key) ?? []), offer]);
  return [...found.values()].map((offers) => ({
    ...offers[0]!,
    href: dialogHref(offers[0]!.action.key, objects),
    reason: offers.every((one) => one.reason) ? offers[0]!.reason : undefined,
  }));
}

/** The menu of a row or of the selection, as it is fetched when it is opened. */
export function actionMenu(v: Viewing, objects: readonly ActionObject[]): Html {
  const [first] = objects;
  const title =
    objects.length === 1 && first ? v.t.actions.of(first.name) : v.t.actions.ofSelected(objects.length);
  return html`<p class="soft small">${title}</p>${menuItems(v, offersOfAll(v, objects))}`;
}

/** What stands as buttons on an object's page, beside the menu with everything. */
const shown: readonly ActionKey[] = [
  "logs",
  "restart",
  "scale",
  "cordon",
  "uncordon",
  "drain",
  "trigger",
  "retry",
];

/** The actions of an object's page. */
export function objectActions(v: Viewing, object: ActionObject): Html {
  const offers = offersOf(v, object);
  if (offers.length === 0) return nothing;
  const first = offers.filter((one) => shown.includes(one.action.key) && !one.reason).slice(0, 3);
  return html`<div class="acts">${first.map(
    (one) =>
      html`<a class="button wide" href="${one.href}"${one.dialog ? html` data-act` : nothing}>${v.t.actions.name[one.action.key]}</a>`,
  )}<button type="button" class="button" id="acts-button" popovertarget="acts">${v.t.actions.title}${icon("down")}</button><div id="acts" class="menu acts-menu" popover>${menuItems(v, offers)}</div></div>`;
}
