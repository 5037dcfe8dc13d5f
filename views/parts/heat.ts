import { type Html, html, nothing } from "../html.ts";
import type { Health } from "../model.ts";
import type { Viewing } from "../viewing.ts";
import { formatShare } from "./format.ts";
import { shape } from "./svg.ts";

export interface HeatCell {
  name: string;
  href: string;
  health: Health;
  /** What is wrong with it in a word; shown only where its health is not ok. */
  state: string;
  /** Shares from 0 to 1; NaN where not measured. */
  cpu: number;
  memory: number;
  disk: number;
}

/** Shades by the busiest resource: the last two are those that somebody should look at. */
const steps = [0.35, 0.6, 0.8, 0.92];
export function shade(share: number): number {
  return Number.isFinite(share) ? steps.filter((step) => share >= step).length : -1;
}

/**
 * One cell a node, shaded by the busiest of CPU, memory and disk. The figure says it in a number, and a node
 * that is not well has the shape of its state instead, so that nothing hangs on colour.
 */
export function heatMap(v: Viewing, label: string, cells: readonly HeatCell[]): Html {
  if (cells.length === 0) return nothing;
  // Hundreds of cells leave no room for figures.
  const dense = cells.length > 60;
  return html`<ul class="heat${dense ? " dense" : ""}" aria-label="${label}">${cells.map((cell) => oneCell(v, cell, dense))}</ul>`;
}

function oneCell(v: Viewing, cell: HeatCell, dense: boolean): Html {
  const parts = [
    { name: v.t.column.cpu, share: cell.cpu },
    { name: v.t.column.memory, share: cell.memory },
    { name: v.t.column.disk, share: cell.disk },
  ].filter((one) => Number.isFinite(one.share));
  const busiest = Math.max(...parts.map((one) => one.share), Number.NEGATIVE_INFINITY);
  const level = shade(busiest);
  const well = cell.health === "ok" || cell.health === "info";
  const said = parts.map((one) => `${one.name} ${formatShare(one.share)}`).join(", ") || v.t.detail.noMetrics;
  const title = `${cell.name}: ${well ? "" : `${cell.state}, `}${said}`;
  const inside = !well
    ? shape(cell.health)
    : level < 0
      ? "·"
      : dense
        ? level >= 3 && shape(level === 4 ? "critical" : "warning")
        : Math.round(busiest * 100);
  return html`<li><a class="${level < 0 ? "none" : `h${level}`}${well ? nothing : " bad"}" href="${cell.href}" title="${title}" aria-label="${title}">${inside}</a></li>`;
}
