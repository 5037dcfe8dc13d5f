import { type Content, html, nothing } from "../html.ts";
import type { UsageView } from "../model.ts";
import { formatBytes, formatCpu } from "./format.ts";
import { sparkline } from "./svg.ts";

/** The last 15 minutes as a line, and the value now. */
export function cpuCell(usage: UsageView | undefined): Content {
  if (!usage) return nothing;
  return html`${sparkline(usage.cpuHistory)}<span class="num">${formatCpu(usage.cpuCores)}</span>`;
}

export function memoryCell(usage: UsageView | undefined): Content {
  if (!usage) return nothing;
  return html`${sparkline(usage.memoryHistory)}<span class="num">${formatBytes(usage.memoryBytes)}</span>`;
}
