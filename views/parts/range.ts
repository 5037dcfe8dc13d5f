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
  const offered = shifts(ranges[rangeOf(query)]);
  return Object.hasOwn(offered, key) ? { key, ms: offered[key]! } : undefined;
}

/** Links to the same page over other times, and beside an earlier one. */
export function rangePicker(v: Viewing): Html {
  return html`${rangeLinks(v)}${compareLinks(v)}`;
}

function compareLinks(v: Viewing): Html {
  const t = v.t.detail;
  const current = compareOf(v.query)?.key;
  const link = (key: CompareKey | undefined, label: string) =>
    html`<a href="${withQuery(v.path, v.query, { compare: key })}"${key === current ? html` aria-current="true"` : nothing}>${label}</a>`;
  const offered = Object.keys(shifts(ranges[rangeOf(v.query)])) as CompareKey[];
  return html`<nav class="compare" aria-label="${t.compare}"><span>${t.compare}</span>${link(undefined, t.compareNothing)}${offered.map((key) => link(key, t.compareWith[key]))}</nav>`;
}

function rangeLinks(v: Viewing): Html {
  const current = rangeOf(v.query);
  return html`<nav class="tabs ranges" aria-label="${v.t.detail.range}">${(
    Object.keys(ranges) as RangeKey[]
  ).map(
    (key) =>
      html`<a href="${withQuery(v.path, v.query, { range: key === "15m" ? undefined : key })}"${key === current ? html` aria-current="true"` : nothing}>${v.t.detail.ranges[key]}</a>`,
  )}</nav>`;
}
