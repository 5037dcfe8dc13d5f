import { type Html, html, nothing } from "../../html.ts";
import type { StoredEvent } from "../../event-model.ts";
import { commandHref } from "../../parts/command.ts";
import { pageHref } from "../../parts/links.ts";
import { mark } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { objectLink, section } from "./blocks.ts";

/**
 * What happened, newest first, also what the cluster has forgotten meanwhile. Events of other objects than
 * `own` (a workload's pods, what runs on a node) carry their name.
 */
export function timeline(
  v: Viewing,
  events: readonly StoredEvent[],
  own: { kind: string; name: string },
): Html {
  const t = v.t.detail;
  if (events.length === 0) return html`<p class="soft">${t.noEvents}</p>`;
  return html`<ol class="timeline">${events.map((one) => entry(v, one, own))}</ol>`;
}

function entry(v: Viewing, one: StoredEvent, own: { kind: string; name: string }): Html {
  const t = v.t.detail;
  const first = one.first_ts_ms ?? one.ts_ms;
  const foreign = one.kind !== own.kind || one.name !== own.name;
  return html`<li>${mark(v, one.resolved_ts_ms ? "ok" : one.severity === "info" ? "info" : one.severity)}<div><p><strong>${one.origin === "command" ? html`<a href="${commandHref(one.id)}">${one.reason}</a>` : one.reason}</strong>${
    (one.count ?? 1) > 1 &&
    html` <span class="count soft"><span data-glow>×${one.count}</span>${first < one.ts_ms && html` ${t.over} ${age(v, first)}`}</span>`
  }${one.container && html` <code>${one.container}</code>`}${
    foreign && html` <span class="soft">${one.kind}</span> ${objectLink(v, one.cluster, one)}`
  }${one.resolved_ts_ms && html` <span class="badge">${t.resolved(age(v, one.resolved_ts_ms))}</span>`}</p>${
    one.message && html`<p class="message">${v.t.told(one.message)}</p>`
  }</div><span class="soft when">${age(v, one.ts_ms)}</span></li>`;
}

/** The newest events as a part of a page, with the way to all of them. */
export function timelinePart(
  v: Viewing,
  events: readonly StoredEvent[],
  own: { cluster: string; kind: string; namespace?: string; name: string },
  more: boolean,
): Html {
  const t = v.t.detail;
  const all = pageHref(v, "/events", {
    cluster: own.cluster,
    namespace: own.namespace || undefined,
    kind: own.kind,
    q: own.name,
  });
  return section(
    "timeline",
    t.timeline,
    html`${timeline(v, events, own)}${more ? html`<p class="more"><a href="${all}">${t.allEvents}</a></p>` : nothing}`,
  );
}
