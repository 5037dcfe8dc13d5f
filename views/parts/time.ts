import { type Html, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { momentWords } from "./moment.ts";
import { formatDuration } from "./format.ts";

/**
 * How long ago a moment is, as `3m12s`. The browser counts it on and puts the exact time, in the viewer's
 * zone, into the title; the live stream does not send it again for the passing of time alone.
 */
export function age(v: Viewing, ms: number): Html {
  if (!(ms > 0)) return nothing;
  return html`<time datetime="${new Date(ms).toISOString()}">${formatDuration(Math.max(0, v.now - ms))}</time>`;
}

/** A moment still to come, as `in 3m12s` without the word. */
export function until(v: Viewing, ms: number): Html {
  if (!(ms > 0)) return nothing;
  return html`<time datetime="${new Date(ms).toISOString()}">${formatDuration(Math.max(0, ms - v.now))}</time>`;
}

/** A moment to the second; the browser writes it in the viewer's own zone. */
export function exactTime(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}" data-exact>${momentWords(ms)}</time>`;
}

/** The same to the minute, where many stand in a list. */
export function minuteTime(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}" data-exact="minute">${momentWords(ms).replace(/:\d\d UTC$/, " UTC")}</time>`;
}
