import { ingressPage, servicesOf } from "../../../../views/pages/detail/ingress.ts";
import { servicePage } from "../../../../views/pages/detail/service.ts";
import { eventsOf, objectPage, others, problemsWith } from "./object.ts";

export const serviceDetail = objectPage("service", "network", ["metrics", "pod", "ingress"], (found) => {
  const { deps, row, cluster, namespace, name } = found;
  const labels = row.item.selector ?? {};
  return servicePage(found.v, {
    row,
    pods:
      Object.keys(labels).length > 0
        ? deps.datasource.podsOf(cluster, { selector: { namespace, labels } })
        : [],
    ingresses: others(found, "ingress", (ingress) => servicesOf(ingress).includes(name)),
    ...eventsOf(found, { cluster, kind: "Service", namespace, name }),
    problems: problemsWith(found, cluster, [{ kind: "Service", namespace, name }]),
  });
});

export const ingressDetail = objectPage("ingress", "network", ["service"], (found) => {
  const { deps, row, cluster, namespace, name } = found;
  const services = servicesOf(row.item).flatMap((service) => {
    const known = deps.datasource.get("service", { cluster, namespace, name: service });
    return known ? [[service, known] as const] : [];
  });
  return ingressPage(found.v, {
    row,
    services: new Map(services),
    ...eventsOf(found, { cluster, kind: "Ingress", namespace, name }),
    problems: problemsWith(found, cluster, [{ kind: "Ingress", namespace, name }]),
  });
});
