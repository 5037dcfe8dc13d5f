import { type Html, html } from "../html.ts";
import type { KindKey } from "../../wire/kind-names.ts";
import type { Viewing } from "../viewing.ts";

/** The button at a row's end; its menu is fetched when it is opened, for the object that the row names. */
export const rowDots = (v: Viewing): Html =>
  html`<td class="dots"><button type="button" class="dots" aria-label="${v.t.actions.title}">⋯</button></td>`;

/** The same beside an object that is in no row. */
export const objectDots = (
  v: Viewing,
  { cluster, kind, namespace, name }: { cluster: string; kind: KindKey; namespace: string; name: string },
): Html =>
  html`<button type="button" class="dots" aria-label="${v.t.actions.of(name)}" data-on="${[cluster, kind, namespace, name].join("/")}">⋯</button>`;

export const dotsHead = (v: Viewing): Html =>
  html`<th class="dots"><span class="sr">${v.t.actions.title}</span></th>`;
