import type { Pod } from "../../wire/pod.ts";
import { html, nothing } from "../html.ts";
import {
  ageColumn,
  clusterColumn,
  cpuColumn,
  memoryColumn,
  nameColumn,
  namespaceColumn,
  nodeCell,
  sinceColumn,
  stateColumn,
  whyColumn,
} from "../parts/columns.ts";
import type { Column, List } from "../parts/list.ts";

const ready: Column<Pod> = {
  key: "ready",
  label: "ready",
  steady: true,
  numeric: true,
  cell: (row) => html`<span data-glow>${row.item.summary.ready}</span>`,
};
const restarts: Column<Pod> = {
  key: "restarts",
  label: "restarts",
  steady: true,
  numeric: true,
  // There when it is zero, too, so that the first restart glows.
  cell: (row) => html`<span data-glow>${row.item.summary.restarts || nothing}</span>`,
};
const node: Column<Pod> = {
  key: "node",
  label: "node",
  steady: true,
  priority: 3,
  cell: (row, v) => nodeCell(v, row.cluster, row.item.summary.node),
};

export const podList: List<"pod"> = {
  kind: "pod",
  columns: [
    nameColumn,
    clusterColumn,
    namespaceColumn,
    stateColumn,
    ready,
    restarts,
    whyColumn,
    sinceColumn,
    node,
    cpuColumn,
    memoryColumn,
    ageColumn,
  ],
};
