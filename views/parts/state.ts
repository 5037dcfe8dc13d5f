import { type Content, type Html, html, nothing } from "../html.ts";
import type { Health } from "../model.ts";
import type { Viewing } from "../viewing.ts";
import { shape } from "./svg.ts";

/** The shape of a health with its name for those who do not see it. */
export function mark(v: Viewing, health: Health): Html {
  return html`${shape(health)}<span class="sr">${v.t.health[health]} </span>`;
}

/** A state in words behind its shape; it glows for a second when it changes. */
export function state(v: Viewing, health: Health, text: Content): Html {
  return html`<span class="state ${health}">${mark(v, health)}<span data-glow>${text}</span></span>`;
}

/** A small label, quiet unless it has a health. */
export function badge(text: Content, health?: Health): Html {
  return html`<span class="badge${health ? html` ${health}` : nothing}">${text}</span>`;
}
