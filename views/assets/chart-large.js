// A chart that is open large: drawn by uPlot from values of the API over the server's drawing, whose marks, cursor
// and selection stay as they are. Where the values do not come, the server's drawing is there.
import { optionsOf } from "./chart-draw.js";
import { linesOf, nearestTo, stacked, stepFor, withGaps } from "./chart-values.js";

/** Of more lines the bands between least and most would lie on each other. */
const mostBands = 4;

/** Draws a chart, and again whenever `update` is told that it or its place has changed. */
export function openLarge(chart, tools) {
  const { spanOf, changed } = tools;
  const place = chart.querySelector(".canvas");
  let plot;
  let drawn = "";
  let asking = new AbortController();
  /** What is drawn: times in ms, and each series by itself. */
  let shown = { times: [], lines: [] };

  const rows = () => [...chart.querySelectorAll("tr[data-key]")];

  async function ask(parameters, aggregation) {
    const query = new URLSearchParams(chart.dataset.of);
    for (const row of rows()) query.append("series", row.dataset.key);
    for (const [name, value] of Object.entries({ ...parameters, aggregation })) query.set(name, value);
    const answer = await fetch(`/api/v1/query_range?${query}`, { signal: asking.signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  async function update() {
    const { fromMs, toMs, spanMs } = spanOf(chart);
    const { width, height } = place.getBoundingClientRect();
    const theme = getComputedStyle(chart).color + document.documentElement.dataset.theme;
    const wanted = [
      chart.dataset.of,
      rows().length,
      fromMs,
      toMs,
      width,
      height,
      theme,
      chart.dataset.back,
      chart.dataset.figure,
    ].join();
    if (width === 0 || wanted === drawn) return;
    drawn = wanted;
    asking.abort();
    asking = new AbortController();
    // What is drawn stays at its time until the values of the new one are there.
    plot?.setScale("x", { min: fromMs, max: toMs });
    const range = { from: fromMs, to: toMs, step: stepFor(spanMs, width) };
    const { back: told = 0, figure } = chart.dataset;
    const back = Number(told);
    try {
      const whole = ask(range, figure);
      const before = back > 0 ? ask({ ...range, from: fromMs - back, to: toMs - back }, figure) : undefined;
      const spread = range.step > 0 && !chart.matches(".stacked") && rows().length <= mostBands;
      const [avg, earlier, min, max] = await Promise.all([
        whole,
        before,
        ...(spread ? [ask(range, "min"), ask(range, "max")] : []),
      ]);
      draw({ fromMs, toMs, back, avg, earlier, min, max });
    } catch (error) {
      // Given up for a newer one; or it failed, and the next change tries again.
      if (error.name !== "AbortError") drawn = "";
    }
  }

  function draw({ fromMs, toMs, back, avg, earlier, min, max }) {
    const keys = rows().map((row) => row.dataset.key);
    const own = linesOf(avg, keys);
    const isStacked = chart.matches(".stacked");
    const lines = isStacked ? stacked(own).reverse() : own;
    const bands = min ? [...linesOf(max, keys), ...linesOf(min, keys)] : [];
    const past = earlier ? linesOf(earlier, keys) : [];
    const beside = isStacked ? stacked(past).slice(-1) : past;
    const now = withGaps(avg.times, [...lines, ...bands]);
    const then = earlier ? withGaps(earlier.times, beside) : { times: [], lines: [] };
    shown = { times: avg.times, lines: own };
    const data = uPlot.join(
      [
        [now.times, ...now.lines],
        [then.times.map((ms) => ms + back), ...then.lines],
      ].filter(([times]) => times.length > 0),
    );
    plot?.destroy();
    plot = undefined;
    place.replaceChildren();
    if (data?.length > 1 && data[0].length > 0) {
      const counts = { lines: lines.length, banded: bands.length / 2, beside: beside.length };
      plot = new uPlot(optionsOf(chart, { fromMs, toMs }, counts, tools), data, place);
    }
    changed();
  }

  const resized = new ResizeObserver(update);
  resized.observe(place);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", update);
  const themed = new MutationObserver(update);
  themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  update();
  return {
    place,
    update,
    /** Nothing before its values are there: until then the server's drawing is read. */
    moments: () => (plot ? shown.times : undefined),
    valuesAt(ms) {
      const at = nearestTo(shown.times, ms);
      return shown.lines.map((line) => (at === undefined ? Number.NaN : (line[at] ?? Number.NaN)));
    },
    close() {
      asking.abort();
      resized.disconnect();
      themed.disconnect();
      scheme.removeEventListener("change", update);
      plot?.destroy();
    },
  };
}
