import type { ProcessMetrics } from "../../../wire/metrics.ts";
import { type Html, html, nothing } from "../../html.ts";
import { kindNames } from "../../../wire/kind-names.ts";
import { formatUnit, type Unit } from "../../parts/chart-scale.ts";
import { formatDuration, formatStep } from "../../parts/format.ts";
import { withQuery } from "../../parts/links.ts";
import { intervalText, momentText } from "../../parts/moment.ts";
import { icon } from "../../parts/svg.ts";
import { exactTime } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { followed, logsPath } from "../streams/logs.ts";
import { processRows } from "./node-processes.ts";

/** What is known of one moment of a node, pod, workload or cluster. */
export interface MomentView {
  of: { cluster: string; kind: string; namespace?: string; name: string };
  askedMs: number;
  /** The nearest moment that anything is kept of, and its neighbours; absent where none is near. */
  found?: { atMs: number; everyMs: number; beforeMs?: number | undefined; afterMs?: number | undefined };
  values: readonly { name: ValueName; unit: Unit; value: number }[];
  /** Of a node: who ran. */
  processes?: readonly ProcessMetrics[];
}

/** What is told of a moment besides processes; each has its words in the texts of charts. */
export type ValueName = "cpu" | "memory" | "podsInAll" | "podsNeedAttention" | "nodesReady";

/** Events this long before and after belong to a moment. */
const aroundMs = 10 * 60_000;
/** A moment that is nearer than this to the one asked for is the one. */
const sameMs = 10_000;

/** What was at the moment that the address names; nothing where it names none. */
export function momentPart(v: Viewing, moment: MomentView | undefined): Html {
  if (!moment) return nothing;
  const t = v.t.detail;
  const { found, askedMs, processes } = moment;
  const atMs = found?.atMs ?? askedMs;
  const link = (name: string, label: string, mark: string, to: number | undefined) =>
    to === undefined
      ? html`<span class="button" aria-disabled="true" title="${label}">${mark}<span class="sr">${label}</span></span>`
      : html`<a class="button" id="moment-${name}" data-step="${name}" href="${withQuery(v.path, v.query, { at: momentText(to) })}" title="${label}" hx-boost="swap:none">${mark}<span class="sr">${label}</span></a>`;
  const close = html`<a class="button" data-step="close" href="${withQuery(v.path, v.query, { at: undefined })}" title="${t.momentClose}" hx-boost="swap:none">${icon("close")}<span class="sr">${t.momentClose}</span></a>`;
  return html`<section class="moment" id="moment" aria-labelledby="moment-title"><header><h2 id="moment-title"><span role="status">${t.moment(exactTime(atMs))}</span></h2><span class="row">${link("previous", t.previousMoment, "‹", found?.beforeMs)}${link("next", t.nextMoment, "›", found?.afterMs)}${close}</span></header>
${notes(v, moment)}${values(v, moment)}${
  processes && (processes.length > 0 ? processRows(v, processes) : html`<p class="soft">${t.noProcesses}</p>`)
}<p class="more">${links(v, moment, atMs)}</p></section>`;
}

/** That it is another moment than the one asked for, and which are kept at all. */
function notes(v: Viewing, { found, askedMs, processes }: MomentView): Html {
  const t = v.t.detail;
  if (!found) return nothing;
  const off = found.atMs - askedMs;
  const every = formatStep(found.everyMs);
  const said = [
    ...(Math.abs(off) < Math.max(sameMs, found.everyMs)
      ? []
      : [off < 0 ? t.momentBefore(formatDuration(-off)) : t.momentAfter(formatDuration(off))]),
    ...(found.everyMs === 0 ? [] : [processes ? t.momentEvery(every) : t.momentValues(every)]),
  ];
  return said.length === 0 ? nothing : html`<p class="soft">${said.join(v.lang === "zh" ? "；" : ". ")}</p>`;
}

function values(v: Viewing, { found, values: all, processes }: MomentView): Html {
  const t = v.t.detail;
  const labels: Record<ValueName, string> = { ...v.t.column, ...t };
  if (all.length > 0)
    return html`<p class="values">${all.map((one) => html`<span>${labels[one.name]} <b>${formatUnit(one.unit, one.value)}</b></span>`)}</p>`;
  return found || processes ? nothing : html`<p class="soft">${t.momentNothing}</p>`;
}

/** Where else that time can be looked at. */
function links(v: Viewing, { of }: MomentView, atMs: number): Html {
  const t = v.t.detail;
  const { cluster, kind, namespace, name } = of;
  const events = withQuery("/events", new URLSearchParams(), {
    cluster,
    namespace,
    ...(kind === "Node" ? { node: name } : {}),
    ...(kind === "Pod" ? { kind, name } : {}),
    range: intervalText({ fromMs: atMs - aroundMs, toMs: atMs + aroundMs }),
  });
  const key = followed.find((one) => kindNames[one].kind === kind);
  const logs =
    key &&
    withQuery(logsPath(cluster, key, namespace ?? "", name), new URLSearchParams(), {
      from: momentText(atMs),
      tail: 5000,
    });
  return html`<a href="${events}">${t.eventsAround}</a>${logs && html` · <a href="${logs}">${t.logFrom}</a>`}`;
}
