import { type Content, type Html, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { formatDuration, formatStep } from "./format.ts";
import { withQuery } from "./links.ts";
import { type Interval, intervalText, parseInterval } from "./moment.ts";
import { exactTime } from "./time.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far back charts may look, as it stands in the address: `?range=7d`. */
export const ranges = {
  "15m": hour / 4,
  "1h": hour,
  "6h": 6 * hour,
  "24h": day,
  "7d": 7 * day,
  "30d": 30 * day,
  "90d": 90 * day,
  "1y": 365 * day,
  "2y": 730 * day,
} as const;
export type RangeKey = keyof typeof ranges;
const keys = Object.keys(ranges) as RangeKey[];
const longest = ranges["2y"];
/** Nothing shorter is zoomed to: it would be a handful of samples. */
const shortest = minute;

const isKey = (text: string | null): text is RangeKey => text !== null && Object.hasOwn(ranges, text);

/** The time that charts show: the last so many ms by one of the keys, or a time of the past with both its ends. */
export type Shown = { ms: number; key: RangeKey } | ({ ms: number; key?: undefined } & Interval);

/**
 * The time that the address names, `?range=7d` or `?range=<from>-<to>`; the page's usual one where it names none: the
 * last 15 minutes, which are live, for most.
 */
export function shownOf(query: URLSearchParams, usual: RangeKey = "15m"): Shown {
  const named = query.get("range");
  if (isKey(named)) return { ms: ranges[named], key: named };
  const interval = parseInterval(named);
  const ms = interval ? interval.toMs - interval.fromMs : 0;
  return interval && ms <= longest ? { ms, ...interval } : { ms: ranges[usual], key: usual };
}

/** What a time is compared with, as it stands in the address: `?compare=1w`. */
export type CompareKey = "1d" | "1w" | "before";

/** How far back the other time lies: a day or a week while the range is no longer than that, or the time just before. */
const shifts = (ms: number): Partial<Record<CompareKey, number>> => ({
  ...(ms <= day ? { "1d": day } : {}),
  ...(ms <= 7 * day ? { "1w": 7 * day } : { before: ms }),
});

/** What the address compares the range with, and how far back that is in ms; undefined where it does not. */
export function compareOf(query: URLSearchParams): { key: CompareKey; ms: number } | undefined {
  const key = (query.get("compare") ?? "") as CompareKey;
  const offered = shifts(shownOf(query).ms);
  return Object.hasOwn(offered, key) ? { key, ms: offered[key]! } : undefined;
}

/** What stands for all the samples between two points of a line. */
export type Figure = "avg" | "max";

/** As the address has it: `?show=max`. Of a time that is drawn of every sample there is no difference. */
export const figureOf = (query: URLSearchParams): Figure =>
  query.get("show") === "max" && shownOf(query).ms > ranges["15m"] ? "max" : "avg";

/** What keys do in charts, once on each page that has any. */
export function chartKeys(v: Viewing): Html {
  return html`<p class="sr" id="chart-keys" data-selected="${v.t.detail.selected("{from}", "{to}")}">${v.t.detail.chartKeys}</p>`;
}

/** Links to the same page over other times, and beside an earlier one; and that of this time only so much is kept. */
export function rangePicker(v: Viewing, keptMs = 0): Html {
  const note = keptMs > 0 && html`<p class="soft kept">${v.t.detail.keptEvery(formatStep(keptMs))}</p>`;
  return html`${chartKeys(v)}${rangeLinks(v)}${stepLinks(v)}${compareLinks(v)}${figureLinks(v)}${note}`;
}

/** Links to the same page over other times, where nothing is drawn that one could choose in. */
export const timePicker = (v: Viewing, usual: RangeKey): Html =>
  html`${rangeLinks(v, usual)}${stepLinks(v, usual)}`;

function compareLinks(v: Viewing): Html {
  const t = v.t.detail;
  const current = compareOf(v.query)?.key;
  const link = (key: CompareKey | undefined, label: string) =>
    html`<a href="${withQuery(v.path, v.query, { compare: key })}" hx-boost="swap:none"${key === current ? html` aria-current="true"` : nothing}>${label}</a>`;
  const offered = Object.keys(shifts(shownOf(v.query).ms)) as CompareKey[];
  return html`<nav class="compare" aria-label="${t.compare}"><span>${t.compare}</span>${link(undefined, t.compareNothing)}${offered.map((key) => link(key, t.compareWith[key]))}</nav>`;
}

function figureLinks(v: Viewing): Html {
  const t = v.t.detail;
  if (shownOf(v.query).ms <= ranges["15m"]) return html``;
  const current = figureOf(v.query);
  const link = (figure: Figure) =>
    html`<a href="${withQuery(v.path, v.query, { show: figure === "avg" ? undefined : figure })}" hx-boost="swap:none"${figure === current ? html` aria-current="true"` : nothing}>${t.figures[figure]}</a>`;
  return html`<nav class="compare" aria-label="${t.figure}"><span>${t.figure}</span>${link("avg")}${link("max")}${current === "max" && html`<span class="soft">${t.highestNote}</span>`}</nav>`;
}

const keyHref = (v: Viewing, key: RangeKey, usual: RangeKey) =>
  withQuery(v.path, v.query, { range: key === usual ? undefined : key, base: undefined });

function rangeLinks(v: Viewing, usual: RangeKey = "15m"): Html {
  const current = shownOf(v.query, usual).key;
  return html`<nav class="tabs ranges" aria-label="${v.t.detail.range}">${keys.map(
    (key) =>
      html`<a href="${keyHref(v, key, usual)}" hx-boost="swap:none"${key === current ? html` aria-current="true"` : nothing}>${v.t.detail.ranges[key]}</a>`,
  )}</nav>`;
}

/** The live time moves on by so much at a time in links, which would otherwise change with every look. */
const linkGrid = 30_000;

/** Links that go back and forth, closer and further; and back to the time that was zoomed into. */
function stepLinks(v: Viewing, usual: RangeKey = "15m"): Html {
  const t = v.t.detail;
  const shown = shownOf(v.query, usual);
  const nowMs = Math.floor(v.now / linkGrid) * linkGrid;
  const { fromMs, toMs } = shown.key ? { fromMs: nowMs - shown.ms, toMs: nowMs } : shown;
  const base = shown.key ?? v.query.get("base");
  const to = (interval: Interval) =>
    withQuery(v.path, v.query, {
      range: intervalText(interval),
      base: isKey(base) && base !== usual ? base : undefined,
    });
  const link = (name: string, label: Content, href: string | undefined) =>
    href === undefined
      ? html`<span class="button" aria-disabled="true">${label}</span>`
      : html`<a class="button" data-step="${name}" href="${href}" hx-boost="swap:none">${label}</a>`;
  const half = shown.ms / 2;
  const at = shown.key ? keys.indexOf(shown.key) : -1;
  const later = Math.min(half, nowMs - toMs);
  const closer = shown.key
    ? at > 0
      ? keyHref(v, keys[at - 1]!, usual)
      : to({ fromMs: toMs - half, toMs })
    : around({ fromMs, toMs }, 0.5, nowMs, to);
  const further = shown.key
    ? keys[at + 1] && keyHref(v, keys[at + 1]!, usual)
    : shown.ms * 2 > longest
      ? keyHref(v, "2y", usual)
      : around({ fromMs, toMs }, 2, nowMs, to);
  return html`<nav class="steps" aria-label="${t.along}">${link("earlier", html`‹<span class="label">${t.earlier}</span>`, to({ fromMs: fromMs - half, toMs: toMs - half }))}${link(
    "later",
    html`<span class="label">${t.later}</span>›`,
    later > 0 ? to({ fromMs: fromMs + later, toMs: toMs + later }) : undefined,
  )}${link("out", html`−<span class="label">${t.zoomOut}</span>`, further)}${link("in", html`+<span class="label">${t.zoomIn}</span>`, closer)}${
    shown.key
      ? nothing
      : html`${link("reset", t.zoomReset, keyHref(v, isKey(base) ? base : usual, usual))}<p class="shown">${exactTime(fromMs)} – ${exactTime(toMs)} <span class="soft">${formatDuration(shown.ms)}</span></p>`
  }</nav>`;
}

/** The time around the same middle, so many times as long, and not beyond now; undefined where it is that already. */
function around(
  { fromMs, toMs }: Interval,
  factor: number,
  nowMs: number,
  to: (interval: Interval) => string,
): string | undefined {
  const ms = Math.max(shortest, (toMs - fromMs) * factor);
  if (factor < 1 && ms >= toMs - fromMs) return undefined;
  const end = Math.min((fromMs + toMs + ms) / 2, Math.max(nowMs, toMs));
  return to({ fromMs: end - ms, toMs: end });
}
