import type { RuleView } from "../../alert-model.ts";
import { type Content, type Html, html, nothing } from "../../html.ts";
import { timeMarks } from "../../parts/chart-axes.ts";
import { selectField } from "../../parts/form.ts";
import { formatDuration } from "../../parts/format.ts";
import { measureText } from "../../parts/measure.ts";
import { badge } from "../../parts/state.ts";
import { exactTime } from "../../parts/time.ts";
import type { PreviewAlert, PreviewRange, PreviewSubject, RulePreview } from "../../rule-preview.ts";
import type { Viewing } from "../../viewing.ts";
import { durationText } from "../../../wire/duration.ts";
import { alertObject } from "./list.ts";

const mostRows = 12;
const mostTimes = 50;
const mostNow = 10;
/** More often than this a day, and nobody looks at it any more. */
const often = 10;
const dayMs = 86_400_000;
const width = 1000;
/** What is shorter would not be seen. */
const leastWidth = 3;

/** The choice of a time, and the button that tries a rule out over it. */
export function tryOut(v: Viewing, range = "7d"): Html {
  const t = v.t.alerts.rulePreview;
  return html`<div class="row end">${selectField("range", t.range, Object.entries(t.ranges), range, "rule-range")}<button class="button" name="do" value="preview">${t.button}</button></div>`;
}

/** What a rule would have done, below its form; nothing where that was not asked. */
export function tried(
  v: Viewing,
  preview: RulePreview | undefined,
  range = "7d",
  severity: RuleView["severity"] = "warning",
): Content {
  return preview ? rulePreview(v, preview, range as PreviewRange, severity) : nothing;
}

function rulePreview(
  v: Viewing,
  preview: RulePreview,
  range: PreviewRange,
  severity: RuleView["severity"],
): Html {
  const t = v.t.alerts.rulePreview;
  const rows = rowsOf(preview);
  return html`<section id="preview" class="preview" role="status" tabindex="-1" autofocus><h3>${t.title}</h3>${verdict(
    v,
    preview,
    rows.length,
    range,
  )}${strips(v, preview, rows, severity)}${holdsNow(v, preview)}${times(v, preview)}${preview.there === 0 && preview.basis === "values" ? nothing : html`<p class="hint">${basisText(v, preview)}</p>`}${
    preview.knownFromMs === undefined
      ? nothing
      : html`<p class="hint">${t.known} ${exactTime(preview.knownFromMs)}</p>`
  }${preview.looked < preview.there ? html`<p class="fault">${t.partly(preview.looked, preview.there)}</p>` : nothing}</section>`;
}

function verdict(v: Viewing, preview: RulePreview, objects: number, range: PreviewRange): Content {
  if (preview.basis === "present") return nothing;
  if (preview.there === 0) return html`<p class="fault">${v.t.alerts.rulePreview.nothing}</p>`;
  const { muted, total } = preview;
  return html`<p><strong>${summary(v, preview, objects, range)}</strong></p>${muted > 0 ? html`<p>${v.t.alerts.rulePreview.muted(muted, total)}</p>` : nothing}`;
}

function summary(
  v: Viewing,
  { total, alerts, fromMs, toMs }: RulePreview,
  objects: number,
  range: PreviewRange,
): Content {
  const t = v.t.alerts.rulePreview;
  const words = t.ranges[range];
  if (total === 0) return t.never(words);
  const said = total > alerts.length ? t.atLeast(total, words) : t.fired(total, objects, words);
  const many = total > (often * (toMs - fromMs)) / dayMs;
  return many ? `${said}${v.lang === "zh" ? "" : " "}${t.many}` : said;
}

function basisText(v: Viewing, { basis, of, stepMs, gone }: RulePreview): string {
  const t = v.t.alerts.rulePreview.basis;
  if (basis !== "values") return t[basis];
  return [t.values[of](durationText(stepMs)), gone > 0 ? t.gone(gone) : ""].filter(Boolean).join(" ");
}

interface Row {
  about: PreviewSubject;
  alerts: PreviewAlert[];
  lastsMs: number;
  firesNow: boolean;
}

/** The objects that it would have fired about, those first that it fires about now, then the longest. */
function rowsOf({ alerts, fromMs, toMs }: RulePreview): Row[] {
  const rows = new Map<string, Row>();
  for (const one of alerts) {
    const key = [one.cluster, one.kind, one.namespace, one.object, one.measure].join("\n");
    const row = rows.get(key) ?? { about: one, alerts: [], lastsMs: 0, firesNow: false };
    rows.set(key, row);
    row.alerts.push(one);
    row.lastsMs += (one.resolvedMs ?? toMs) - Math.max(fromMs, one.firedMs);
    row.firesNow ||= one.resolvedMs === undefined;
  }
  return [...rows.values()].sort((a, b) => Number(b.firesNow) - Number(a.firesNow) || b.lastsMs - a.lastsMs);
}

function strips(
  v: Viewing,
  preview: RulePreview,
  rows: readonly Row[],
  severity: RuleView["severity"],
): Content {
  if (rows.length === 0) return nothing;
  const t = v.t.alerts.rulePreview;
  const { fromMs, toMs } = preview;
  return html`<table class="strips"><caption class="sr">${t.when}</caption><thead class="sr"><tr><th scope="col">${t.object}</th><th scope="col">${t.when}</th><th scope="col">${t.how}</th></tr></thead><tbody>${rows
    .slice(0, mostRows)
    .map(
      ({ about, alerts, lastsMs, firesNow }) =>
        html`<tr><th scope="row">${object(v, about)}</th><td class="strip"><svg viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true"><path class="ground" d="M0 0h${width}v10H0z"/><path class="${severity}" d="${alerts.map((one) => bar(one, fromMs, toMs)).join("")}"/></svg></td><td class="right">${t.times(alerts.length)}, ${formatDuration(lastsMs)}${firesNow ? html` ${badge(t.firesNow, severity)}` : nothing}</td></tr>`,
    )}<tr class="axis" aria-hidden="true"><td></td><td class="strip"><svg class="marks">${timeMarks(toMs, toMs - fromMs)}</svg></td><td></td></tr></tbody></table>${
    rows.length > mostRows ? html`<p class="soft">${t.more(rows.length - mostRows)}</p>` : nothing
  }`;
}

function bar({ firedMs, resolvedMs }: PreviewAlert, fromMs: number, toMs: number): string {
  const x = (ms: number) => Math.round(((ms - fromMs) / (toMs - fromMs)) * width);
  const end = Math.min(width, x(resolvedMs ?? toMs));
  const start = Math.max(0, Math.min(x(firedMs), end - leastWidth));
  return `M${start} 0h${Math.max(leastWidth, end - start)}v10H${start}z`;
}

function holdsNow(v: Viewing, { now, nowTotal }: RulePreview): Html {
  const t = v.t.alerts.rulePreview;
  return html`<p>${t.now(nowTotal)}</p>${
    now.length === 0
      ? nothing
      : html`<ul class="holds">${now.slice(0, mostNow).map((one) => html`<li>${object(v, one)} <span class="soft">${v.t.told(one.text)}</span></li>`)}${
          nowTotal > mostNow ? html`<li class="soft">${t.more(nowTotal - mostNow)}</li>` : nothing
        }</ul>`
  }`;
}

function times(v: Viewing, { alerts, toMs }: RulePreview): Content {
  if (alerts.length === 0) return nothing;
  const t = v.t.alerts.rulePreview;
  const peaks = alerts.some((one) => one.peak !== undefined);
  return html`<details class="fold"><summary>${t.list}</summary><table class="list"><thead><tr><th scope="col">${t.object}</th><th scope="col">${t.from}</th><th scope="col" class="right">${t.lasted}</th>${peaks ? html`<th scope="col" class="right">${t.peak}</th>` : nothing}</tr></thead><tbody>${alerts
    .slice(0, mostTimes)
    .map(
      (one) =>
        html`<tr><td class="a">${object(v, one)}${one.flapping ? html` ${badge(v.t.alerts.flapping)}` : nothing}${one.muted ? html` ${badge(t.hidden)}` : nothing}</td><td>${exactTime(one.firedMs)}</td><td class="right">${formatDuration((one.resolvedMs ?? toMs) - one.firedMs)}${one.resolvedMs === undefined ? html` ${badge(t.firesNow)}` : nothing}</td>${peaks ? html`<td class="right">${peakText(one)}</td>` : nothing}</tr>`,
    )}</tbody></table>${alerts.length > mostTimes ? html`<p class="soft">${t.more(alerts.length - mostTimes)}</p>` : nothing}</details>`;
}

function peakText({ measure, peak }: PreviewAlert): string {
  if (peak === undefined) return "";
  const at = measure?.lastIndexOf("/") ?? -1;
  return at < 0 ? String(peak) : measureText(measure!.slice(0, at), measure!.slice(at + 1), peak);
}

function object(v: Viewing, one: PreviewSubject): Content {
  const group = one.measure?.slice(0, one.measure.lastIndexOf("/")) ?? "";
  return html`${alertObject(v, one)}${one.namespace ? html` <span class="soft small">${one.namespace}</span>` : nothing}${group.includes(" ") ? html` <span class="soft small">${group}</span>` : nothing}`;
}
