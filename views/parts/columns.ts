import { html, nothing } from "../html.ts";
import { clusterName, manyClusters } from "../viewing.ts";
import { objectHref } from "./links.ts";
import type { Column } from "./list.ts";
import { mark, state } from "./state.ts";
import { age } from "./time.ts";
import { cpuCell, memoryCell } from "./usage.ts";

/** Columns that lists share. `T` is the wire's object, each of which has a summary with a name. */
type Named = { summary: { name: string; namespace?: string } };

export const nameColumn: Column<Named> = {
  key: "name",
  label: "name",
  steady: true,
  className: "name",
  card: "a",
  cell: (row) => row.item.summary.name,
};
/** For lists without a state column: the name carries the mark. */
export const markedNameColumn: Column<Named> = {
  ...nameColumn,
  cell: (row, v) => html`${row.health === "ok" ? nothing : mark(v, row.health)}${row.item.summary.name}`,
};
export const clusterColumn: Column<Named> = {
  key: "cluster",
  label: "cluster",
  priority: 2,
  when: manyClusters,
  cell: (row, v) => clusterName(v, row.cluster),
};
export const namespaceColumn: Column<Named> = {
  key: "namespace",
  label: "namespace",
  steady: true,
  card: "c",
  when: (v) => v.scope.namespace === undefined,
  cell: (row) => row.item.summary.namespace ?? "",
};
export const stateColumn: Column<unknown> = {
  key: "state",
  label: "state",
  steady: true,
  card: "b",
  cell: (row, v) => state(v, row.health, row.state),
};
export const whyColumn: Column<unknown> = {
  key: "why",
  label: "why",
  steady: true,
  className: "grow",
  sort: false,
  cell: (row, v) => {
    if (!row.why) return nothing;
    const why = v.t.told(row.why);
    return html`<span title="${why}">${why}</span>`;
  },
};
export const sinceColumn: Column<unknown> = {
  key: "since",
  label: "since",
  numeric: true,
  priority: 3,
  // Quiet while all is well: then it is the age, mostly.
  cell: (row, v) => (row.health === "ok" ? nothing : age(v, row.sinceMs)),
};
export const ageColumn: Column<unknown> = {
  key: "age",
  label: "age",
  numeric: true,
  card: "d",
  cell: (row, v) => age(v, row.createdMs),
};
export const cpuColumn: Column<unknown> = {
  key: "cpu",
  label: "cpu",
  numeric: true,
  className: "usage",
  priority: 2,
  cell: (row) => cpuCell(row.usage),
};
export const memoryColumn: Column<unknown> = {
  key: "memory",
  label: "memory",
  numeric: true,
  className: "usage",
  priority: 2,
  cell: (row) => memoryCell(row.usage),
};

/** A link to a node, from a list of what runs on it. */
export function nodeCell(
  v: Parameters<Column<unknown>["cell"]>[1],
  cluster: string,
  node: string | undefined,
) {
  return node ? html`<a href="${objectHref(v, "node", cluster, "", node)}">${node}</a>` : nothing;
}
