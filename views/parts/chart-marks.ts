import { type Content, type Html, html, nothing } from "../html.ts";
import { type Mark, type MarkKind, markKinds } from "../mark.ts";
import type { Viewing } from "../viewing.ts";
import { units, windowSeconds } from "./chart-path.ts";

/** Lines that are nearer to each other than so many units of a chart's width are one. */
const lineCell = 6;
/** The same of symbols, which would lie on each other in a chart of the usual width. */
const symbolCell = 36;
/** So many are told by name at one place; of more, how many of each kind. */
const mostNamed = 3;

/** Marks that fall on one place of a chart. */
export interface MarkGroup {
  /** In units from the left. */
  x: number;
  /** The kind whose symbol stands for all of them. */
  kind: MarkKind;
  marks: Mark[];
}

/** The marks of the time that ends at `toMs` by the places that they fall on, from left to right. */
export function groupMarks(
  marks: readonly Mark[],
  toMs: number,
  spanMs: number,
  cell = symbolCell,
): MarkGroup[] {
  const groups: MarkGroup[] = [];
  for (const mark of [...marks].sort((a, b) => a.atMs - b.atMs)) {
    // What began before this time is at its edge.
    const share = Math.max(0, 1 - (toMs - mark.atMs) / spanMs);
    if (!(share <= 1) || (mark.atMs < toMs - spanMs && mark.kind !== "alert")) continue;
    const x = Math.round(share * windowSeconds);
    const last = groups.at(-1);
    if (!last || x - last.x >= cell) groups.push({ x, kind: mark.kind, marks: [mark] });
    else {
      last.marks.push(mark);
      if (markKinds.indexOf(mark.kind) < markKinds.indexOf(last.kind)) last.kind = mark.kind;
    }
  }
  return groups;
}

/** What a group of marks tells: `3 restarts, 1 deployment`, or each by its words. */
export function groupText(v: Viewing, { marks }: Pick<MarkGroup, "marks">): string {
  if (marks.length <= mostNamed)
    return marks.map((one) => `${one.text} · ${momentText(one.atMs)}`).join("\n");
  return markKinds
    .flatMap((kind) => {
      const count = marks.reduce((sum, one) => sum + (one.kind === kind ? (one.count ?? 1) : 0), 0);
      return count > 0 ? [v.t.marks.counted[kind](count)] : [];
    })
    .join(", ");
}

/** In UTC: a title cannot be told the viewer's zone. */
const momentText = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Alerts as light bands and all marks as thin lines, for within the drawing of a chart. */
export function markLines(marks: readonly Mark[], toMs: number, spanMs: number): Content {
  if (marks.length === 0) return nothing;
  const at = (ms: number) => Math.round(Math.min(1, Math.max(0, 1 - (toMs - ms) / spanMs)) * windowSeconds);
  const bands = marks.flatMap(({ kind, atMs, untilMs = toMs }) => {
    const [from, to] = [at(atMs), at(untilMs)];
    return kind === "alert" && untilMs >= toMs - spanMs && atMs <= toMs && to > from
      ? [`M${from} 0H${to}V${units}H${from}z`]
      : [];
  });
  const lines = groupMarks(marks, toMs, spanMs, lineCell).map(({ x }) => `M${x} 0v${units}`);
  return html`${bands.length > 0 && html`<path class="band" d="${bands.join("")}"/>`}${lines.length > 0 && html`<path class="mark" d="${lines.join("")}"/>`}`;
}

/** The symbols at a chart's bottom edge, each with what it stands for. */
export function markSymbols(v: Viewing, marks: readonly Mark[], toMs: number, spanMs: number): Content {
  const groups = groupMarks(marks, toMs, spanMs);
  if (groups.length === 0) return nothing;
  return html`<svg class="marks" aria-hidden="true">${groups.map(
    (one) =>
      html`<svg x="${Number(((one.x / windowSeconds) * 100).toFixed(1))}%" class="at ${one.kind}"><title>${groupText(v, one)}</title><rect x="-6" y="-6" width="12" height="12"/><path d="${symbols[one.kind]}"/></svg>`,
  )}</svg>`;
}

/** Of 8 by 8 around the middle: told apart by their shape, whatever their colour. */
export const symbols: Record<MarkKind, string> = {
  alert: "M0-4 4.2 3.4h-8.4zM0-1.4V1",
  reboot: "M-2.5-2.8a3.7 3.7 0 1 0 5 0M0-4.3V-.5",
  deploy: "M0-4 3.6-.4H1.4V4h-2.8V-.4h-2.2z",
  scale: "M-4 4V1h2.2v3zM-.9 4v-5h2v5zM2 4v-8h2v8z",
  restart: "M3.4-1.2A3.6 3.6 0 1 0 3.4 1.6M3.8-4v2.9H1",
  command: "M-3.4-3 .2 0-3.4 3M.8 3.4H4",
};

/** A kind's symbol beside its name. */
export const markSymbol = (kind: MarkKind): Html =>
  html`<svg class="mark-key ${kind}" viewBox="-5 -5 10 10" aria-hidden="true"><path d="${symbols[kind]}"/></svg>`;
