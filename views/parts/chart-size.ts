import { type Content, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import type { Chart } from "./chart.ts";
import { withQuery } from "./links.ts";
import { icon } from "./svg.ts";
import { compareOf, figureOf } from "./range.ts";

/** A chart's name in the address that opens it large. */
const nameOf = ({ id }: Chart) => id.replace(/^chart-/, "");

/** Whether the address opens this chart large: `?chart=cpu`. */
export function isLarge(v: Viewing, chart: Chart): boolean {
  return chart.of !== undefined && v.query.get("chart") === nameOf(chart);
}

/** What a script needs to draw the chart of every value that its width has room for (views/assets/chart-large.js). */
export function largeData(v: Viewing, { of, full }: Chart): Content {
  const compared = compareOf(v.query)?.ms;
  return html` data-of="${new URLSearchParams(of).toString()}" data-script="${v.assets.chartLarge}"${full && html` data-full="${full}"`}${compared && html` data-back="${compared}"`} data-figure="${figureOf(v.query)}"`;
}

/** The link that opens a chart large, or makes it small again. */
export function sizeLink(v: Viewing, chart: Chart): Content {
  if (!chart.of) return nothing;
  const large = isLarge(v, chart);
  const label = `${large ? v.t.detail.chartSmall : v.t.detail.chartLarge}: ${chart.title}`;
  const href = withQuery(v.path, v.query, { chart: large ? undefined : nameOf(chart) });
  return html`<a class="size" href="${href}" hx-boost="swap:none" title="${label}" aria-label="${label}">${icon(large ? "smaller" : "larger")}</a>`;
}

/** Of a chart that is open large: the values of its lines as a file, as the API gives them. */
export function fileLink(
  v: Viewing,
  chart: Chart,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Content {
  if (!isLarge(v, chart)) return nothing;
  const query = new URLSearchParams(chart.of);
  for (const { key } of chart.series) if (key) query.append("series", key);
  query.set("from", new Date(fromMs).toISOString());
  query.set("to", new Date(toMs).toISOString());
  if (figureOf(v.query) === "max") query.set("aggregation", "max");
  query.set("format", "csv");
  return html`<a class="file" href="/api/v1/query_range?${query.toString()}" aria-label="CSV: ${chart.title}">CSV</a>`;
}
