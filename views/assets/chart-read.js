// Values read back from the drawings (views/parts/chart.ts): a chart is 900 units wide, and a thousandth of its
// axis high is one. A chart that is large has drawn itself (chart-large.js) and knows its own.
import { formatUnit } from "../parts/chart-scale.ts";

const width = 900;
const height = 1000;

export const charts = () => [...document.querySelectorAll("figure.chart")];
export const plotOf = (target) => target?.closest?.(".chart .plot");

/** What time a chart shows, in ms. */
export function spanOf({ dataset }) {
  const toMs = +dataset.to;
  const spanMs = +(dataset.span ?? 900_000);
  return { fromMs: toMs - spanMs, toMs, spanMs };
}

/** A moment in units from the left. */
export function unitAt(chart, ms) {
  const { fromMs, spanMs } = spanOf(chart);
  return Math.round(((ms - fromMs) / spanMs) * width);
}

/** The moment under a point of the screen; the nearest one of the chart where it lies outside. */
export function momentAt(chart, clientX) {
  const box = chart.querySelector(".plot").getBoundingClientRect();
  const { fromMs, spanMs } = spanOf(chart);
  return fromMs + Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * spanMs;
}

/** The points of a path's lines in order: [x, y]; an area's closing edges are not among them. */
const parsed = new WeakMap();
function points(path) {
  const d = path.getAttribute("d");
  const known = parsed.get(path);
  if (known?.d === d) return known.list;
  const list = [];
  for (const run of d.split("M").slice(1)) {
    const [head, tail = ""] = run.split(/[VhH]/)[0].split("l");
    let [x, y] = head.match(/\d+/g).map(Number);
    list.push([x, y]);
    const steps = tail.match(/-?\d+/g) ?? [];
    for (let i = 0; i + 1 < steps.length; i += 2) {
      x += +steps[i];
      y += +steps[i + 1];
      list.push([x, y]);
    }
  }
  parsed.set(path, { d, list });
  return list;
}

const lines = (chart) =>
  [...chart.querySelectorAll("path[data-s]")].sort((a, b) => a.dataset.s - b.dataset.s).map(points);

/** The moments of a chart's samples, rising. */
export function momentsOf(chart) {
  const own = chart.large?.moments();
  if (own) return own;
  const { fromMs, spanMs } = spanOf(chart);
  return [...new Set(lines(chart).flatMap((list) => list.map(([x]) => x)))]
    .sort((a, b) => a - b)
    .map((x) => fromMs + (x / width) * spanMs);
}

/** The nearest point to x, unless it lies further away than gaps begin. */
function nearest(list, x) {
  const within = 16;
  let best;
  for (const point of list)
    if (Math.abs(point[0] - x) <= within && (!best || Math.abs(point[0] - x) < Math.abs(best[0] - x)))
      best = point;
  return best;
}

/** A chart's values at a moment as texts, in the order of its series. */
export function textsAt(chart, ms) {
  const write = (value) => formatUnit(chart.dataset.unit, value);
  if (chart.large?.moments()) return chart.large.valuesAt(ms).map(write);
  const { min, max } = chart.dataset;
  const stacked = chart.matches(".stacked");
  let below = 0;
  return lines(chart).map((list) => {
    const point = nearest(list, unitAt(chart, ms));
    if (!point) return write(Number.NaN);
    const value = +min + ((height - point[1]) / height) * (max - min);
    const own = stacked ? Math.max(0, value - below) : value;
    below = value;
    return write(own);
  });
}
