import type { Namespace } from "../../wire/namespace.ts";
import { type Content, html, nothing } from "../html.ts";
import { ageColumn, clusterColumn, markedNameColumn, stateColumn } from "../parts/columns.ts";
import { formatCount } from "../parts/format.ts";
import { parseQuantity } from "../../wire/values.ts";
import { pageHref } from "../parts/links.ts";
import type { Column, List } from "../parts/list.ts";
import { meter } from "../parts/svg.ts";

type Counts = NonNullable<Namespace["counts"]>;

/** A count that leads to the list it counts; a kind that may not be read has none. */
function count(
  key: string,
  label: Column<Namespace>["label"],
  path: string,
  field: keyof Counts,
  priority?: 2 | 3,
): Column<Namespace> {
  return {
    key,
    label,
    numeric: true,
    priority,
    ...(field === "pods" ? { card: "d" as const } : {}),
    cell: (row, v) => {
      const value = row.item.counts?.[field];
      if (value === undefined) return "–";
      if (value === 0) return html`<span class="soft">0</span>`;
      const href = pageHref(v, path, { cluster: row.cluster, namespace: row.item.summary.name });
      return html`<a href="${href}"><span data-glow>${formatCount(value)}</span></a>`;
    },
  };
}

/** The fullest resource of each quota, since that is the one that stops the next pod. */
const quotas: Column<Namespace> = {
  key: "quotas",
  label: "quotas",
  className: "grow",
  sort: false,
  cell: ({ item }) => (item.quotas ?? []).map((one) => quotaUse(one.name, one.hard ?? {}, one.used ?? {})),
};

function quotaUse(name: string, hard: Record<string, string>, used: Record<string, string>): Content {
  let fullest: { resource: string; share: number } | undefined;
  for (const [resource, limit] of Object.entries(hard)) {
    const share = parseQuantity(used[resource]) / parseQuantity(limit);
    if (Number.isFinite(share) && share >= (fullest?.share ?? 0)) fullest = { resource, share };
  }
  if (!fullest) return nothing;
  const text = `${name}: ${fullest.resource} ${used[fullest.resource]}/${hard[fullest.resource]}`;
  return html`<span title="${text}">${meter(fullest.share)} ${fullest.resource} ${used[fullest.resource]}/${hard[fullest.resource]}</span> `;
}

export const namespaceList: List<"namespace"> = {
  kind: "namespace",
  columns: [
    markedNameColumn,
    { ...clusterColumn, card: "c" },
    stateColumn,
    count("pods", "pods", "/pods", "pods"),
    count("deployments", "deployments", "/deployments", "deployments"),
    count("statefulsets", "statefulsets", "/statefulsets", "statefulSets", 2),
    count("daemonsets", "daemonsets", "/daemonsets", "daemonSets", 2),
    count("jobs", "jobs", "/jobs", "jobs", 3),
    count("services", "services", "/services", "services"),
    count("configmaps", "configmaps", "/configmaps", "configMaps", 3),
    quotas,
    { ...ageColumn, card: undefined },
  ],
};
