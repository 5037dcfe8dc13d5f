import { type Content, type Html, html, nothing } from "../html.ts";
import type { Viewing } from "../viewing.ts";
import { units, windowSeconds } from "./chart-path.ts";
import type { Scale } from "./chart-scale.ts";
import { parseMoment } from "./moment.ts";

/** Where the moment lies that the page tells of. */
export function momentLine(v: Viewing, toMs: number, spanMs: number): Content {
  const share = 1 - (toMs - (parseMoment(v.query.get("at")) ?? Number.NaN)) / spanMs;
  return share >= 0 && share <= 1
    ? html`<path class="moment" d="M${Math.round(share * windowSeconds)} 0v${units}"/>`
    : nothing;
}

/** A value in units from the top. */
export function heightOf(value: number, scale: Scale): number {
  return units - Math.round(((value - scale.min) / (scale.max - scale.min)) * units);
}

/** A line at each mark of the axis. */
export function grid(scale: Scale): string {
  return scale.marks.map((mark) => `M0 ${heightOf(mark, scale)}h${windowSeconds}`).join("");
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** Between marks of time: the first of which there are not too many. */
const markSteps = [5, 15, 60, 120, 360]
  .map((minutes) => minutes * minute)
  .concat([1, 2, 7, 14, 30, 91, 182].map((days) => days * day));
/** Days take more room than times of day. */
const mostMarks = (step: number) => (step < day ? 7 : 5);
/** From here on a day would not be told from the same one of another year. */
const years = 360 * day;

/** Marks at round times of UTC, until the browser puts them at those of its own zone. */
export function timeMarks(toMs: number, spanMs: number): Content {
  const every = markSteps.find((step) => spanMs / step <= mostMarks(step)) ?? markSteps.at(-1)!;
  // What the browser writes there.
  const by = every < day ? "time" : spanMs < years ? "day" : "month";
  const [from, to] = { time: [11, 16], day: [5, 10], month: [0, 7] }[by];
  const marks: Html[] = [];
  for (let ms = Math.ceil((toMs - spanMs) / every) * every; ms <= toMs; ms += every) {
    const share = 1 - (toMs - ms) / spanMs;
    const anchor = share < 0.05 ? "start" : share > 0.95 ? "end" : "middle";
    // At an edge a mark is written inwards, where its neighbour stands if there are many.
    if (anchor !== "middle" && spanMs / every > 4) continue;
    const text = new Date(ms).toISOString();
    marks.push(
      html`<text x="${Number((share * 100).toFixed(1))}%" y="12" text-anchor="${anchor}" data-t="${ms}" data-every="${every}" data-by="${by}">${text.slice(from, to)}</text>`,
    );
  }
  return marks;
}
