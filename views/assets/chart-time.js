// Times as they are chosen in charts and stand in addresses, which views/parts/range.ts reads.
import { intervalText, momentText } from "../parts/moment.ts";

/** Nothing shorter is zoomed to. */
const leastMs = 60_000;

/** The address of a page that shows a time: it remembers which of the usual times that was zoomed into. */
export function zoomAddress(href, interval) {
  const url = new URL(href);
  const range = url.searchParams.get("range");
  if (range && /^\d+[mhdy]$/.test(range) && range !== "15m") url.searchParams.set("base", range);
  url.searchParams.set("range", intervalText(interval));
  return url.href;
}

/** The address of a page that tells of a moment. */
export function momentAddress(href, ms) {
  const url = new URL(href);
  url.searchParams.set("at", momentText(ms));
  return url.href;
}

/** A time in whole seconds, at least a minute long, around the same middle; none of it added beyond `mostMs`. */
export function rounded({ fromMs, toMs }, mostMs) {
  const second = 1000;
  const from = Math.floor(fromMs / second) * second;
  const to = Math.ceil(toMs / second) * second;
  const missing = Math.max(0, leastMs - (to - from));
  const half = Math.ceil(missing / 2 / second) * second;
  const end = Math.max(to, Math.min(to + half, Math.floor(mostMs / second) * second));
  return { fromMs: missing > 0 ? end - leastMs : from, toMs: end };
}

/** The part of a time around a moment in it, so many times as long, in which the moment stands where it stood. */
export function scaled({ fromMs, toMs }, factor, atMs) {
  return { fromMs: atMs - (atMs - fromMs) * factor, toMs: atMs + (toMs - atMs) * factor };
}

/**
 * The mark of an axis at the round time of the browser's own zone that is nearest to one of UTC, of marks so far apart:
 * six hours and days begin at midnight there, also on days on which clocks change.
 */
export function localMark(ms, everyMs) {
  // The same hour and minute, here.
  const here = (at) => {
    const time = new Date(at);
    return new Date(
      time.getUTCFullYear(),
      time.getUTCMonth(),
      time.getUTCDate(),
      time.getUTCHours(),
      time.getUTCMinutes(),
    ).getTime();
  };
  // By the same for all of a chart, or one would be missing where clocks change, by an hour.
  const by = 3_600_000 % everyMs === 0 ? ms : Date.UTC(2026, 0);
  return here(ms - Math.round((here(by) - by) / everyMs) * everyMs);
}
