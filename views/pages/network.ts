import type { Ingress } from "../../wire/ingress.ts";
import type { Service } from "../../wire/service.ts";
import { html, nothing } from "../html.ts";
import {
  ageColumn,
  clusterColumn,
  nameColumn,
  namespaceColumn,
  sinceColumn,
  stateColumn,
  whyColumn,
} from "../parts/columns.ts";
import { objectHref } from "../parts/links.ts";
import type { Column, List } from "../parts/list.ts";

const type: Column<Service> = {
  key: "type",
  label: "type",
  cell: ({ item }) => item.summary.type ?? item.spec?.type,
};
const clusterIP: Column<Service> = {
  key: "clusterIP",
  label: "clusterIP",
  className: "mono",
  priority: 2,
  cell: ({ item }) => item.summary.clusterIP || item.summary.externalName,
};
const ports: Column<Service> = {
  key: "ports",
  label: "ports",
  className: "mono",
  priority: 2,
  cell: ({ item }) =>
    (item.ports ?? [])
      .map(
        (one) =>
          `${one.port}${one.nodePort ? `:${one.nodePort}` : ""}${one.protocol && one.protocol !== "TCP" ? `/${one.protocol}` : ""}`,
      )
      .join(" "),
};
const endpoints: Column<Service> = {
  key: "endpoints",
  label: "endpoints",
  numeric: true,
  cell: ({ item }) => {
    const summary = item.backends?.summary;
    if (!summary) return nothing;
    return html`<span data-glow>${summary.ready ?? 0}/${summary.total ?? (summary.ready ?? 0) + (summary.notReady ?? 0)}</span>`;
  },
};

const head = [nameColumn, clusterColumn, namespaceColumn, stateColumn] as const;

export const serviceList: List<"service"> = {
  kind: "service",
  columns: [...head, type, clusterIP, ports, endpoints, whyColumn, sinceColumn, ageColumn],
};

const ingressClass: Column<Ingress> = {
  key: "class",
  label: "class",
  priority: 2,
  cell: ({ item }) => item.summary.class,
};
const hosts: Column<Ingress> = {
  key: "hosts",
  label: "hosts",
  className: "mono",
  cell: ({ item }) => {
    const all = item.summary.hosts ?? [];
    return html`<span title="${all.join(", ")}">${all.join(", ") || "*"}</span>`;
  },
};
const backends: Column<Ingress> = {
  key: "backends",
  label: "backends",
  sort: false,
  priority: 2,
  cell: (row, v) => {
    const names = new Set<string>();
    for (const rule of row.item.spec?.rules ?? [])
      for (const path of rule.paths ?? []) if (path.backend?.service) names.add(path.backend.service.name);
    const fallback = row.item.spec?.defaultBackend?.service?.name;
    if (fallback) names.add(fallback);
    return [...names].map(
      (name) =>
        html`<a href="${objectHref(v, "service", row.cluster, row.item.summary.namespace, name)}">${name}</a> `,
    );
  },
};
const tls: Column<Ingress> = {
  key: "tls",
  label: "tls",
  priority: 2,
  cell: ({ item }, v) => (item.summary.tlsEnabled ? v.t.common.yes : v.t.common.no),
};
const address: Column<Ingress> = {
  key: "address",
  label: "address",
  className: "mono",
  priority: 3,
  cell: ({ item }) => (item.summary.loadBalancer ?? []).join(", "),
};
export const ingressList: List<"ingress"> = {
  kind: "ingress",
  columns: [...head, hosts, backends, ingressClass, tls, whyColumn, address, ageColumn],
};
