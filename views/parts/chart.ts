import { type Content, type Html, html, nothing } from "../html.ts";
import type { Mark } from "../mark.ts";
import type { Viewing } from "../viewing.ts";
import { age } from "./time.ts";
import { grid, heightOf, momentLine, timeMarks } from "./chart-axes.ts";
import { markLines, markSymbols } from "./chart-marks.ts";
import { fileLink, isLarge, largeData, sizeLink } from "./chart-size.ts";
import { areaPath, linePath, runsOf, stack, units, windowSeconds } from "./chart-path.ts";
import { formatUnit, scaleOf, type Unit } from "./chart-scale.ts";

export interface ChartSeries {
  label: string;
  /** The history's name of it, `group:name`, where it is kept. */
  key?: string;
  /** One value for each of the chart's times; NaN is a gap. */
  values: ArrayLike<number>;
  /** Which of the eight series colours; by the order in the chart where it is not said. */
  colour?: number;
  /** The value now, where it is known apart from the samples. */
  now?: number;
}

export interface Chart {
  /** Unique in the page and stable over updates. */
  id: string;
  title: string;
  unit: Unit;
  /** Times of the samples in ms, rising. */
  times: ArrayLike<number>;
  /** At most eight: as many colours can be told apart. */
  series: readonly ChartSeries[];
  stacked?: boolean;
  /** The axis reaches at least up to here: 1 for shares that are read against the whole. */
  full?: number;
  /** Limits as thin lines, where they are near enough to what is used; a soft one may well be passed. */
  limits?: readonly { label: string; value: number; soft?: boolean }[];
  /** The time that is drawn, up to `toMs`, where it is not the last 15 minutes. */
  span?: { ms: number; toMs: number };
  /** What to say in place of a drawing where there is no value at all. */
  none?: string;
  /** What happened meanwhile. */
  marks?: readonly Mark[];
  /** Whose it is, where it is kept: such a chart can be opened large. */
  of?: ChartSubject;
  /** The same of an earlier time: thin beside each line, or of a stack the sum. Its times are moved to this chart's. */
  before?: { label: string; times: ArrayLike<number>; series: readonly ChartSeries[] };
}

/** Whose charts these are, as the history has it. */
export type ChartSubject = Record<"cluster" | "kind" | "name", string> & { namespace?: string };

/** A limit further above everything drawn than this would press the lines onto the floor. */
const farAbove = 5;

/**
 * A chart of the last 15 minutes, or of another time. The drawing is 900 units wide, each a thousandth of the axis
 * high, and stretched to its place, so that it needs no script and no size; `charts.js` reads the values under the
 * cursor back from it. Nothing in it changes but by new samples.
 */
export function chart(v: Viewing, chart: Chart): Html {
  const series = chart.series.slice(0, 8);
  const toMs = chart.span?.toMs ?? endOf(chart.times, v.now);
  const spanMs = chart.span?.ms ?? windowSeconds * 1000;
  const drawn = chart.stacked ? stack(series.map((one) => one.values)) : series.map((one) => one.values);
  const full = chart.full ?? 0;
  const earlier = earlierOf(chart);
  const highest = [...drawn, ...earlier.map((one) => one.values)].reduce<number>(
    (most, values) => Math.max(most, greatest(values)),
    0,
  );
  // Shares that are rounded one by one may sum to a little more than the whole.
  const top = highest <= full * 1.01 ? full : highest;
  const limits = (chart.limits ?? []).filter((one) => one.value > 0 && Number.isFinite(one.value));
  const near = limits.filter((one) => one.value <= top * farAbove);
  const low = chart.stacked ? 0 : drawn.reduce((least, values) => Math.min(least, leastOf(values)), 0);
  const scale = scaleOf(
    chart.unit,
    low,
    near.reduce((most, one) => Math.max(most, one.value), top),
  );
  const lines = drawn.map((values) => runsOf(chart.times, values, toMs, scale, spanMs));
  const newest = series.map((one) =>
    formatUnit(chart.unit, one.now ?? last(chart.times, one.values, toMs, spanMs)),
  );
  const before = earlier.map(({ at, values }) => ({
    at,
    d: linePath(runsOf(chart.before!.times, values, toMs, scale, spanMs)),
  }));
  const empty = [...lines, ...before.map(({ d }) => d)].every((one) => one.length === 0);
  const marks = chart.marks ?? [];
  const colour = (at: number) => `s${series[at]!.colour ?? at + 1}`;
  // The lowest layer comes last, so that it lies over the sums above it.
  const order = series.map((_, at) => at);
  if (chart.stacked) order.reverse();
  const large = isLarge(v, chart);
  return html`<figure class="chart${chart.stacked ? " stacked" : ""}${large ? " large" : ""}" id="${chart.id}" data-to="${toMs}"${chart.span ? html` data-span="${spanMs}"` : nothing} data-unit="${chart.unit}" data-min="${scale.min}" data-max="${scale.max}"${large && largeData(v, chart)}>
<figcaption><span>${chart.title}</span><span class="at"></span>${fileLink(v, chart, { fromMs: toMs - spanMs, toMs })}${sizeLink(v, chart)}</figcaption>
<div class="y" aria-hidden="true">${[...scale.marks].reverse().map((mark) => html`<span>${formatUnit(chart.unit, mark)}</span>`)}</div>
<div class="plot" role="slider" tabindex="0" aria-label="${chart.title}" aria-describedby="chart-keys" aria-roledescription="${v.t.detail.chart}" aria-valuemin="0" aria-valuemax="${windowSeconds}" aria-valuenow="${windowSeconds}" aria-valuetext="${spoken(v, series, newest, empty)}">${large && html`<div class="canvas" id="${chart.id}-canvas" hx-morph-skip></div>`}
<svg viewBox="0 0 ${windowSeconds} ${units}" preserveAspectRatio="none" aria-hidden="true"><path class="grid" d="${grid(scale)}"/>${markLines(marks, toMs, spanMs)}${order.map(
    (at) =>
      html`<path class="${colour(at)}" data-s="${at}" d="${chart.stacked ? areaPath(lines[at]!) : linePath(lines[at]!)}"/>`,
  )}${before.map(({ at, d }) => d !== "" && html`<path class="${at === undefined ? "whole" : colour(at)} before" d="${d}"/>`)}${near.map((one) => html`<path class="limit${one.soft ? " soft" : ""}" d="M0 ${heightOf(one.value, scale)}h${windowSeconds}"/>`)}${momentLine(v, toMs, spanMs)}<path class="select" d=""/><path class="cursor" d=""/></svg>${markSymbols(v, marks, toMs, spanMs)}
${empty ? html`<p class="soft">${chart.none ?? v.t.detail.noSamples}</p>` : nothing}</div>
<svg class="x" aria-hidden="true">${timeMarks(toMs, spanMs)}</svg>
<table><caption class="sr">${chart.title}</caption><tbody>${series.map(
    (one, at) =>
      html`<tr${large && one.key && html` data-key="${one.key}"`}><th scope="row"><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="${colour(at)}" d="M0 5h10"/></svg>${one.label}</th><td data-s="${at}">${newest[at]}</td></tr>`,
  )}${limits.map(
    (one) =>
      html`<tr${large && html` data-limit="${one.value}"`}><th scope="row"><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="limit${one.soft ? " soft" : ""}" d="M0 5h10"/></svg>${one.label}</th><td>${formatUnit(chart.unit, one.value)}</td></tr>`,
  )}${
    before.length > 0 &&
    html`<tr><th scope="row"><svg class="key" viewBox="0 0 10 10" aria-hidden="true"><path class="whole before" d="M0 5h10"/></svg>${chart.before!.label}</th><td></td></tr>`
  }</tbody></table>
</figure>`;
}

/** What of an earlier time is drawn: each line that has one beside it now, or the sum of a stack, which is at none. */
function earlierOf({ before, series, stacked }: Chart): { at?: number; values: ArrayLike<number> }[] {
  if (!before) return [];
  if (stacked) {
    const sum = stack(before.series.map((one) => one.values)).at(-1);
    return sum ? [{ values: sum }] : [];
  }
  return series.slice(0, 8).flatMap(({ label }, at) => {
    const found = before.series.find((one) => one.label === label);
    return found ? [{ at, values: found.values }] : [];
  });
}

/**
 * Charts side by side where there is room, with what happened meanwhile marked on each. A page that shows no other time
 * than now names the `page` that does: there leads what is chosen in them.
 */
export function charts(
  v: Viewing,
  all: readonly (Chart | undefined)[],
  { page, ...more }: { page?: string; marks?: readonly Mark[] | undefined; of?: ChartSubject } = {},
): Html {
  return html`<div class="charts"${page && html` data-page="${page}"`}>${all.map((one) => one && chart(v, { ...one, marks: more.marks ?? [], ...(more.of ? { of: more.of } : {}) }))}<script type="module" src="${v.assets.charts}"></script></div>`;
}

/** When measuring began, where that was within the window: the charts are empty before. */
export function beginning(v: Viewing, times: ArrayLike<number>): number | undefined {
  const first = times[0];
  return first !== undefined && first > v.now - (windowSeconds - 30) * 1000 ? first : undefined;
}

/** What charts show, in words; also that they have only begun to fill. */
export function windowNote(v: Viewing, times: ArrayLike<number>): Content {
  const first = beginning(v, times);
  return first === undefined ? v.t.detail.window : v.t.detail.windowFrom(age(v, first));
}

function spoken(v: Viewing, series: readonly ChartSeries[], newest: string[], empty: boolean): string {
  if (empty) return v.t.detail.noSamples;
  return `${v.t.detail.now}: ${series.map((one, at) => `${one.label} ${newest[at]}`).join(", ")}`;
}

/** The right edge: the newest sample, or, when none has come for a while, the present. */
function endOf(times: ArrayLike<number>, now: number): number {
  const newest = times.length > 0 ? times[times.length - 1]! : 0;
  const late = 30_000;
  return now - newest < late && newest <= now + late ? Math.round(newest / 1000) * 1000 : now - (now % late);
}

/** The value of the newest time; NaN once it is older than the window's edge by a thirtieth of it: half a minute. */
function last(times: ArrayLike<number>, values: ArrayLike<number>, toMs: number, spanMs: number): number {
  for (let at = times.length - 1; at >= 0 && times[at]! > toMs - spanMs / 30; at--)
    if (Number.isFinite(values[at]!)) return values[at]!;
  return Number.NaN;
}

function greatest(values: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < values.length; at++)
    if (Number.isFinite(values[at]!)) most = Math.max(most, values[at]!);
  return most;
}

function leastOf(values: ArrayLike<number>): number {
  let least = 0;
  for (let at = 0; at < values.length; at++)
    if (Number.isFinite(values[at]!)) least = Math.min(least, values[at]!);
  return least;
}
