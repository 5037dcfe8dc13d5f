import type { NodeMetricsSnapshot, ProcessMetrics } from "../../../wire/metrics.ts";
import { type Html, html } from "../../html.ts";
import { formatBytes } from "../../parts/format.ts";
import { formatNumber } from "../../parts/chart-scale.ts";
import { exactTime } from "../../parts/time.ts";
import type { Viewing } from "../../viewing.ts";
import { absent } from "./blocks.ts";

/** Who was busy at a moment of the past. */
export interface Busiest {
  atMs: number;
  processes: readonly ProcessMetrics[];
}

/** What runs on a node, by CPU and by memory; of the past, what used most CPU when most was used. */
export function processParts(v: Viewing, snapshot: NodeMetricsSnapshot | undefined, busiest?: Busiest): Html {
  const t = v.t.detail;
  if (busiest)
    return html`<div id="processes"><p class="soft">${t.busiest(exactTime(busiest.atMs))}</p><div class="pair">${processTable(v, t.topCpu, busiest.processes)}</div></div>`;
  const byCpu = snapshot?.topCPUProcesses ?? [];
  const byMemory = snapshot?.topMemoryProcesses ?? [];
  if (byCpu.length === 0 && byMemory.length === 0) return absent("processes");
  return html`<div id="processes" class="pair">${processTable(v, t.topCpu, byCpu)}${byMemory.length > 0 && processTable(v, t.topMemory, byMemory)}</div>`;
}

function processTable(v: Viewing, title: string, all: readonly ProcessMetrics[]): Html {
  return html`<section class="panel"><h2>${title}</h2>${processRows(v, all)}</section>`;
}

/** Processes as a table, in the order they come. */
export function processRows(v: Viewing, all: readonly ProcessMetrics[]): Html {
  const t = v.t.detail;
  return html`<table class="small-table"><thead><tr><th scope="col" class="right">PID</th><th scope="col">${t.user}</th><th scope="col">${t.command}</th><th scope="col" class="right">${v.t.column.cpu}</th><th scope="col" class="right">${v.t.column.memory}</th></tr></thead><tbody>${all.map(
    (one) =>
      html`<tr><td class="right">${one.pid}</td><td>${one.user}</td><td class="mono" title="${one.command}">${one.command}</td><td class="right">${formatNumber(one.cpuPercent)}%</td><td class="right">${formatBytes(one.memoryMB * 2 ** 20)}</td></tr>`,
  )}</tbody></table>`;
}
