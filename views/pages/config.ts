import type { ConfigMap } from "../../wire/configmap.ts";
import type { PersistentVolumeClaim } from "../../wire/workloads.ts";
import { html } from "../html.ts";
import {
  ageColumn,
  clusterColumn,
  markedNameColumn,
  nameColumn,
  namespaceColumn,
  sinceColumn,
  stateColumn,
  whyColumn,
} from "../parts/columns.ts";
import { formatBytes, formatCount } from "../parts/format.ts";
import type { Column, List } from "../parts/list.ts";

const keyNames: Column<ConfigMap> = {
  key: "names",
  label: "keys",
  className: "grow mono",
  sort: false,
  cell: ({ item }) => {
    const names = [...(item.data ?? []), ...(item.binary ?? [])].map((one) => one.key).join(", ");
    return html`<span title="${names}">${names}</span>`;
  },
};
const keyCount: Column<ConfigMap> = {
  key: "keys",
  label: "keyCount",
  numeric: true,
  card: "d",
  cell: ({ item: { summary, data, binary } }) =>
    formatCount(summary.keys ?? (data?.length ?? 0) + (binary?.length ?? 0)),
};
const size: Column<ConfigMap> = {
  key: "size",
  label: "size",
  numeric: true,
  card: "b",
  cell: ({ item: { summary } }) =>
    formatBytes((summary.totalSizeBytes ?? 0) + (summary.binaryTotalSizeBytes ?? 0)),
};
const immutable: Column<ConfigMap> = {
  key: "immutable",
  label: "immutable",
  sort: false,
  priority: 2,
  cell: ({ item }, v) => (item.summary.immutable ? v.t.common.yes : ""),
};
export const configMapList: List<"configmap"> = {
  kind: "configmap",
  columns: [
    markedNameColumn,
    clusterColumn,
    namespaceColumn,
    keyNames,
    keyCount,
    size,
    immutable,
    { ...ageColumn, card: undefined },
  ],
};

const capacity: Column<PersistentVolumeClaim> = {
  key: "capacity",
  label: "capacity",
  numeric: true,
  cell: ({ item }) => item.summary.capacity ?? item.summary.requested,
};
const storageClass: Column<PersistentVolumeClaim> = {
  key: "class",
  label: "storageClass",
  priority: 2,
  cell: ({ item }) => item.summary.storageClass,
};
const modes: Column<PersistentVolumeClaim> = {
  key: "modes",
  label: "accessModes",
  sort: false,
  priority: 3,
  cell: ({ item }) => (item.summary.accessModes ?? []).join(", "),
};
const volume: Column<PersistentVolumeClaim> = {
  key: "volume",
  label: "volume",
  className: "mono",
  priority: 2,
  cell: ({ item }) => item.summary.volumeName,
};
export const claimList: List<"persistentvolumeclaim"> = {
  kind: "persistentvolumeclaim",
  columns: [
    nameColumn,
    clusterColumn,
    namespaceColumn,
    stateColumn,
    capacity,
    storageClass,
    modes,
    whyColumn,
    sinceColumn,
    volume,
    ageColumn,
  ],
};
