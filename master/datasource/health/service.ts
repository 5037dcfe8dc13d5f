import type { Service } from "../../../wire/service.ts";
import type { Standing } from "../entry.ts";
import { info, type KindFacts, labelLines, ok, warning } from "./facts.ts";

function standing(service: Service): Standing {
  const { summary } = service;
  const type = summary.type ?? service.spec?.type ?? "ClusterIP";
  const backends = service.backends?.summary;
  if (type === "ExternalName" || !backends) return ok(type);
  const ready = backends.ready ?? 0;
  const total = backends.total ?? ready + (backends.notReady ?? 0);
  const state = `${ready}/${total}`;
  const selects = summary.hasSelector ?? Object.keys(service.selector ?? {}).length > 0;
  if (ready === 0)
    return selects
      ? warning(state, total === 0 ? "no pod stands behind it" : `none of its ${total} endpoints is ready`)
      : info(state, "it has neither a selector nor endpoints");
  if (type === "LoadBalancer" && (service.network?.loadBalancerIngress ?? []).length === 0)
    return info(state, "no load balancer has been assigned");
  return ready < total ? info(state, `${total - ready} of ${total} endpoints are not ready`) : ok(state);
}

export const service: KindFacts<Service> = {
  standing,
  created: ({ summary }) => summary.createdAt,
  uid: ({ summary }) => summary.uid,
  search: (item) => [
    ...labelLines(item.labels),
    ...labelLines(item.selector),
    item.summary.type,
    item.summary.clusterIP,
    item.summary.externalName,
    ...(item.ports ?? []).map((port) => `${port.port}/${port.protocol ?? "TCP"}`),
  ],
  columns: {
    type: ({ summary, spec }) => summary.type ?? spec?.type,
    clusterIP: ({ summary }) => summary.clusterIP,
    ports: ({ ports }) => ports?.[0]?.port ?? 0,
    endpoints: ({ backends }) => backends?.summary?.ready ?? 0,
  },
};
