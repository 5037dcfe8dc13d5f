import { type Html, html, nothing } from "../html.ts";
import type { Series } from "../model.ts";
import type { Viewing } from "../viewing.ts";
import { windowSeconds } from "./chart-path.ts";
import { formatShare } from "./format.ts";
import { shade } from "./heat.ts";

/** Half a minute a cell, or a thirtieth of a longer time: what is shorter is in the chart of all cores. */
const cellSeconds = 30;

/**
 * Each core over the last 15 minutes, or another time, a row of shaded cells: stays readable where lines of 64 cores would not.
 * The figure behind each row is the newest.
 */
export function coreStrip(
  v: Viewing,
  times: ArrayLike<number>,
  cores: readonly Series[],
  span?: { ms: number; toMs: number },
): Html {
  if (cores.length === 0 || times.length === 0) return nothing;
  const toMs = span?.toMs ?? times[times.length - 1]!;
  const cellMs = ((span?.ms ?? windowSeconds * 1000) * cellSeconds) / windowSeconds;
  return html`<table class="cores"><caption class="sr">${v.t.detail.perCore}</caption><tbody>${cores.map(
    (core) =>
      html`<tr><th scope="row">${core.name}</th><td class="strip"><svg viewBox="0 0 ${windowSeconds} 10" preserveAspectRatio="none" aria-hidden="true">${cells(
        times,
        core.values,
        toMs,
        cellMs,
      ).map(
        (path, level) => path !== "" && html`<path class="h${level}" d="${path}"/>`,
      )}</svg></td><td class="right">${formatShare(core.values[core.values.length - 1] ?? Number.NaN)}</td></tr>`,
  )}</tbody></table>`;
}

/** One path for each shade; neighbours of the same shade are one rectangle. */
function cells(times: ArrayLike<number>, values: ArrayLike<number>, toMs: number, cellMs: number): string[] {
  const count = windowSeconds / cellSeconds;
  const sums = new Float64Array(count);
  const seen = new Uint16Array(count);
  for (let at = 0; at < times.length; at++) {
    const cell = count - 1 - Math.floor((toMs - times[at]!) / cellMs);
    if (cell < 0 || !Number.isFinite(values[at]!)) continue;
    sums[cell]! += values[at]!;
    seen[cell]!++;
  }
  const paths = ["", "", "", "", ""];
  for (let cell = 0; cell < count; ) {
    const level = seen[cell] ? shade(sums[cell]! / seen[cell]!) : -1;
    let end = cell + 1;
    while (end < count && (seen[end] ? shade(sums[end]! / seen[end]!) : -1) === level) end++;
    if (level >= 0)
      paths[level] += `M${cell * cellSeconds} 0h${(end - cell) * cellSeconds}v10H${cell * cellSeconds}z`;
    cell = end;
  }
  return paths;
}
