import type { Problem } from "../../wire/problem.ts";
import { type Html, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";

/** Faults whose own text says all there is to say. */
const spokenFor = new Set([404, 500]);

/** What failed, in words, with the number under which the log has more; no internal text. */
export function errorContent(v: Pick<Viewing, "t">, fault: Problem): Html {
  const { t } = v;
  return html`<div id="error" class="empty"><p>${t.error.text[fault.status] ?? fault.title}</p>${
    fault.detail && !spokenFor.has(fault.status)
      ? html`<p class="small">${t.told(fault.detail)}</p>`
      : nothing
  }${
    fault.request ? html`<p class="small">${t.error.request} <code>${fault.request}</code></p>` : nothing
  }<a class="button" href="/">${t.error.home}</a></div>`;
}

export function errorTitle(v: Pick<Viewing, "t">, fault: Problem): string {
  return v.t.error.title[fault.status] ?? v.t.error.other;
}
