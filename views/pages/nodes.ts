import type { Node } from "../../wire/node.ts";
import { html, nothing } from "../html.ts";
import {
  ageColumn,
  clusterColumn,
  nameColumn,
  sinceColumn,
  stateColumn,
  whyColumn,
} from "../parts/columns.ts";
import { formatShare } from "../parts/format.ts";
import { parseQuantity } from "../../wire/values.ts";
import type { Column, List } from "../parts/list.ts";
import { badge } from "../parts/state.ts";
import { sparkline } from "../parts/svg.ts";

const roles: Column<Node> = {
  key: "roles",
  label: "roles",
  card: "c",
  cell: (row) => (row.item.summary.roles ?? []).map((role) => html`${badge(role)} `),
};

/** Against what the machine has, so that nodes of different sizes can be compared; the line's top is 100 %. */
function usage(key: "cpu" | "memory"): Column<Node> {
  return {
    key,
    label: key,
    numeric: true,
    className: "usage",
    priority: key === "cpu" ? undefined : 2,
    cell: ({ usage, item }) => {
      if (!usage) return nothing;
      const all = parseQuantity(item.capacity?.[key]);
      const now = key === "cpu" ? usage.cpuCores : usage.memoryBytes;
      return html`${sparkline(key === "cpu" ? usage.cpuHistory : usage.memoryHistory, all)}<span class="num">${formatShare(now / all)}</span>`;
    },
  };
}

const version: Column<Node> = {
  key: "version",
  label: "version",
  className: "mono",
  priority: 2,
  cell: (row) => row.item.info?.kubeletVersion ?? row.item.info?.kernelVersion,
};
const address: Column<Node> = {
  key: "ip",
  label: "address",
  className: "mono",
  priority: 3,
  cell: (row) => row.item.addresses?.internalIP,
};

export const nodeList: List<"node"> = {
  kind: "node",
  columns: [
    nameColumn,
    clusterColumn,
    stateColumn,
    roles,
    whyColumn,
    sinceColumn,
    usage("cpu"),
    usage("memory"),
    version,
    address,
    ageColumn,
  ],
};
