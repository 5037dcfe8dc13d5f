import { type Html, html, nothing } from "../html.ts";

export interface Tab {
  label: string;
  href: string;
  current: boolean;
  count?: string;
}

/** Tabs that are links: each is a page of its own. */
export function tabs(label: string, all: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">${all.map(
    (tab) =>
      html`<a href="${tab.href}"${tab.current ? html` aria-current="page"` : nothing}>${tab.label}${tab.count ? html` <span class="count soft">${tab.count}</span>` : nothing}</a>`,
  )}</nav>`;
}
