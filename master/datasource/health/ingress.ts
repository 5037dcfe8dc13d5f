import type { Ingress } from "../../../wire/ingress.ts";
import { type KindFacts, labelLines, ok } from "./facts.ts";

export const ingress: KindFacts<Ingress> = {
  // Many controllers never write an address into the status: its absence says nothing.
  standing: ({ summary }) => ok((summary.loadBalancer ?? []).length > 0 ? "Ready" : "Accepted"),
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [
    ...labelLines(item.labels),
    ...(item.summary.hosts ?? []),
    item.summary.class,
    ...(item.spec?.rules ?? []).flatMap((rule) =>
      (rule.paths ?? []).flatMap((path) => [path.path, path.backend?.service?.name]),
    ),
  ],
  columns: {
    class: ({ summary }) => summary.class,
    hosts: ({ summary }) => (summary.hosts ?? []).join(","),
    tls: ({ summary }) => Number(summary.tlsEnabled ?? false),
    address: ({ summary }) => summary.loadBalancer?.[0],
  },
};
