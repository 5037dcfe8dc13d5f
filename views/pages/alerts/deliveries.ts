import type { DeliveryView } from "../../alert-model.ts";
import { type Html, html, nothing } from "../../html.ts";
import { state } from "../../parts/state.ts";
import { age, until } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";

const healthOf = {
  queued: "info",
  sending: "info",
  sent: "ok",
  failed: "critical",
  superseded: "info",
} as const;

/** What was sent, what waits and what failed, each with the receiver's last answer. */
export function deliveriesTable(v: Viewing, all: readonly DeliveryView[], one: boolean): Html {
  const t = v.t.alerts;
  if (all.length === 0) return html`<p class="soft">${t.noDeliveries}</p>`;
  return html`<ol class="timeline">${all.map((of) => {
    const waits = of.state === "queued" && of.attempts > 0;
    return html`<li><span class="sr">${t.delivery[of.state]}</span>${state(v, waits ? "warning" : healthOf[of.state], "")}<div><p><strong>${of.channelName}</strong> ${t.delivery[of.state]}${of.attempts > 1 || waits ? html` <span class="soft">${t.attempts(of.attempts)}${waits ? html`, ${t.nextTry} ${until(v, of.nextMs)}` : nothing}</span>` : nothing}</p>${one ? nothing : html`<p>${of.title}</p>`}${of.answer ? html`<p class="message">${v.t.told(of.answer)}</p>` : nothing}</div><span class="soft when">${age(v, of.createdMs)}</span></li>`;
  })}</ol>`;
}
