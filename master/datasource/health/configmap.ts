import type { ConfigMap } from "../../../wire/configmap.ts";
import { type KindFacts, labelLines, ok } from "./facts.ts";

export const configmap: KindFacts<ConfigMap> = {
  standing: ({ summary }) => ok(summary.immutable ? "Immutable" : "Mutable"),
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [...labelLines(item.summary.labels), ...(item.data ?? []).map((one) => one.key)],
  columns: {
    keys: ({ summary, data, binary }) => summary.keys ?? (data?.length ?? 0) + (binary?.length ?? 0),
    size: ({ summary }) => (summary.totalSizeBytes ?? 0) + (summary.binaryTotalSizeBytes ?? 0),
  },
};
