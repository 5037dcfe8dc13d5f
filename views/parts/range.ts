import { type Html, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { withQuery } from "./links.ts";

const hour = 3_600_000;
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

/** The range that the address names; the last 15 minutes, which are live, where it names none. */
export function rangeOf(query: URLSearchParams): RangeKey {
  const named = query.get("range") ?? "";
  return Object.hasOwn(ranges, named) ? (named as RangeKey) : "15m";
}

/** Links to the same page over other times. */
export function rangePicker(v: Viewing): Html {
  const current = rangeOf(v.query);
  return html`<nav class="tabs ranges" aria-label="${v.t.detail.range}">${(
    Object.keys(ranges) as RangeKey[]
  ).map(
    (key) =>
      html`<a href="${withQuery(v.path, v.query, { range: key === "15m" ? undefined : key })}"${key === current ? html` aria-current="true"` : nothing}>${v.t.detail.ranges[key]}</a>`,
  )}</nav>`;
}
