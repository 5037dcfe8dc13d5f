import type { KindKey } from "../../wire/kind-names.ts";
import { kindNames } from "../../wire/kind-names.ts";
import { type Content, type Html, html, nothing } from "../html.ts";
import type { Health } from "../model.ts";
import { mark } from "../parts/state.ts";
import { icon } from "../parts/svg.ts";
import { clusterName, type Viewing } from "../viewing.ts";

/** Something that the palette leads to. */
export type Entry =
  | { is: "page"; label: string; href: string }
  | { is: "object"; kind: KindKey; place: Place; name: string; health: Health; state: string; href: string }
  | {
      is: "action";
      label: string;
      kind: KindKey;
      place: Place;
      name: string;
      health: Health;
      state: string;
      href: string;
      dialog: boolean;
    };
interface Place {
  cluster: string;
  namespace: string;
}
export type Group = { title: string; entries: readonly Entry[] };

/** What was found, as options of the palette's list. */
export function paletteList(v: Viewing, groups: readonly Group[]): Html {
  const shown = groups.filter((one) => one.entries.length > 0);
  if (shown.length === 0) return html`<p class="soft">${v.t.palette.none}</p>`;
  let at = 0;
  return html`${shown.map(
    (group) =>
      html`<div role="group" aria-label="${group.title}"><p class="soft small" aria-hidden="true">${group.title}</p>${group.entries.map((one) => option(v, one, at++))}</div>`,
  )}`;
}

function option(v: Viewing, entry: Entry, at: number): Html {
  const act = entry.is === "action" && entry.dialog;
  return html`<a role="option" id="palette-${at}" tabindex="-1" aria-selected="false" href="${entry.href}"${act ? html` data-act` : nothing}>${content(v, entry)}</a>`;
}

function content(v: Viewing, entry: Entry): Content {
  if (entry.is === "page") return html`${icon("next")}<span>${entry.label}</span>`;
  const { kind, place, name, health, state } = entry;
  // Of one cluster alone the name says nothing new.
  const where = [place.namespace, v.clusters.length > 1 ? clusterName(v, place.cluster) : ""];
  return html`${mark(v, health)}${entry.is === "action" ? html`<strong>${entry.label}</strong>` : nothing}<span class="soft">${kindNames[kind].kind}</span><span class="mono">${name}</span><span class="soft small where">${[state, ...where].filter(Boolean).join(" · ")}</span>`;
}

/**
 * How well letters that were typed fit a text: 0 not at all; more for a whole word, its beginning, a part of it;
 * least for letters that merely come in that order, the first of them at the beginning of a word.
 */
export function fuzzy(typed: string, text: string): number {
  const wanted = typed.toLowerCase();
  const words = text.toLowerCase();
  if (wanted === "") return 0;
  if (words.split(/[\s\-/.]+/).includes(wanted)) return 5;
  const at = words.indexOf(wanted);
  if (at === 0) return 4;
  if (at > 0 && /[\s\-/.]/.test(words[at - 1]!)) return 3;
  if (at > 0) return 2;
  if (wanted.length < 3) return 0;
  return words.split(/[\s\-/.]+/).some((word) => inOrder(wanted, word)) ? 1 : 0;
}

function inOrder(letters: string, word: string): boolean {
  if (letters[0] !== word[0]) return false;
  let from = 0;
  for (const one of letters) {
    const at = word.indexOf(one, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
