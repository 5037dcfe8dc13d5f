import { type Html, html, nothing } from "../../html.ts";
import { formatBytes, formatCpu, formatShare } from "../../parts/format.ts";
import { parseQuantity } from "../../../wire/values.ts";
import type { Viewing } from "../../viewing.ts";
import { fullness, meter } from "./blocks.ts";
import { table } from "./containers.ts";
import type { NodeData } from "./node.ts";

/** Used of allocatable, as bars; where nothing is measured, what there is. */
export function nodeResources(v: Viewing, { row, metrics, pods, host }: NodeData): Html {
  const t = v.t.detail;
  const { capacity, allocatable } = row.item;
  const snapshot = metrics?.snapshot;
  const cores = snapshot?.cpu?.cores ?? parseQuantity(capacity?.cpu);
  const total = snapshot?.memory?.total ?? parseQuantity(capacity?.memory);
  const most = parseQuantity(allocatable?.pods ?? capacity?.pods);
  const bar = (label: string, used: number, whole: number, text: string) =>
    html`<div><dt>${label}</dt><dd>${meter(used / whole, label === v.t.column.cpu ? "" : fullness(used / whole))}<span class="num">${text}</span></dd></div>`;
  const cpu = (snapshot?.cpu?.usage ?? Number.NaN) * cores;
  const memory = snapshot?.memory?.used ?? Number.NaN;
  return html`<dl class="progress">${
    Number.isFinite(cpu) && bar(v.t.column.cpu, cpu, cores, t.ofText(formatCpu(cpu), formatCpu(cores)))
  }${
    Number.isFinite(memory) &&
    bar(v.t.column.memory, memory, total, t.ofText(formatBytes(memory), formatBytes(total)))
  }${(snapshot?.disk ?? []).map((one) =>
    bar(
      one.mountPoint,
      one.used,
      one.total,
      `${t.ofText(formatBytes(one.used), formatBytes(one.total))}${
        one.inodes && one.inodes.used / one.inodes.total > 0.8
          ? `, ${t.inodes} ${formatShare(one.inodes.used / one.inodes.total)}`
          : ""
      }`,
    ),
  )}${Number.isFinite(most) && bar(v.t.kind.pod, pods.length, most, t.of(pods.length, most))}</dl>${
    host
      ? nothing
      : table(
          ["", t.capacity, t.allocatable],
          (["cpu", "memory", "pods", "ephemeralStorage"] as const)
            .filter((one) => capacity?.[one] || allocatable?.[one])
            .map((one) => [t.amounts[one], amount(one, capacity?.[one]), amount(one, allocatable?.[one])]),
        )
  }`;
}

/** A node's memory in Ki, as Kubernetes has it, is nothing to read. */
function amount(resource: string, quantity: string | undefined): string {
  const value = parseQuantity(quantity);
  if (!Number.isFinite(value)) return quantity ?? "–";
  return resource === "memory" || resource === "ephemeralStorage" ? formatBytes(value) : quantity!;
}
