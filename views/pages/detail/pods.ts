import type { ItemOf } from "../../../wire/kinds.ts";
import { type Html, html, nothing } from "../../html.ts";
import type { Row, UsageView } from "../../model.ts";
import { formatBytes, formatCount, formatCpu } from "../../parts/format.ts";
import { dotsHead, rowDots } from "../../parts/dots.ts";
import { objectHref } from "../../parts/links.ts";
import { rowID } from "../../parts/row.ts";
import { state } from "../../parts/state.ts";
import { age } from "../../parts/time.ts";
import { cpuCell, memoryCell } from "../../parts/usage.ts";
import type { Viewing } from "../../viewing.ts";
import { objectLink, section } from "./blocks.ts";

export interface PodsOptions {
  /** Shows where each runs; not on a node's own page. */
  node?: boolean;
  /** Shows the last 15 minutes as lines; where there is the whole page's width for them. */
  lines?: boolean;
  /** Shows the namespace; not where all have the same. */
  namespace?: boolean;
  /** At most so many, with the way to all of them. */
  most?: number;
  all?: string;
}

function usageCells(usage: UsageView | undefined, lines = false): Html {
  if (lines)
    return html`<td class="right usage p2">${cpuCell(usage)}</td><td class="right usage p2">${memoryCell(usage)}</td>`;
  return html`<td class="right p2">${usage && formatCpu(usage.cpuCores)}</td><td class="right p2">${usage && formatBytes(usage.memoryBytes)}</td>`;
}

/** Pods that belong to an object, worst first, then by what they use. */
export function podsPart(v: Viewing, pods: readonly Row<ItemOf["pod"]>[], options: PodsOptions): Html {
  const { t } = v;
  const shown = pods.slice(0, options.most ?? 500);
  if (shown.length === 0) return section("pods", t.kind.pod, html`<p class="soft">${t.detail.noPods}</p>`);
  const body = shown.map((row) => {
    const { name, namespace, node, restarts, ready } = row.item.summary;
    const href = objectHref(v, "pod", row.cluster, namespace, name);
    return html`<tr id="${rowID(row)}" data-href="${href}" data-kind="pod" data-name="${name}" data-namespace="${namespace}"><td class="name a"><a href="${href}">${name}</a></td>${
      options.namespace && html`<td class="c">${namespace}</td>`
    }<td class="b">${state(v, row.health, row.state)}</td><td class="right"><span data-glow>${ready}</span></td><td class="right"><span data-glow>${restarts || ""}</span></td>${
      options.node &&
      html`<td class="p2">${node && objectLink(v, row.cluster, { kind: "Node", name: node })}</td>`
    }${usageCells(row.usage, options.lines)}<td class="right d">${age(v, row.createdMs)}</td>${rowDots(v)}</tr>`;
  });
  const head = (label: string, className = "") => html`<th scope="col" class="${className}">${label}</th>`;
  return section(
    "pods",
    t.kind.pod,
    html`<table class="list"><thead><tr>${head(t.column.name)}${options.namespace && head(t.column.namespace)}${head(t.column.state)}${head(t.column.ready, "right")}${head(t.column.restarts, "right")}${
      options.node && head(t.column.node, "p2")
    }${head(t.column.cpu, "right p2")}${head(t.column.memory, "right p2")}${head(t.column.age, "right")}${dotsHead(v)}</tr></thead><tbody>${body}</tbody></table>${
      options.all && pods.length > shown.length
        ? html`<p class="more"><a href="${options.all}">${t.detail.allPods(pods.length)}</a></p>`
        : nothing
    }`,
    formatCount(pods.length),
  );
}
