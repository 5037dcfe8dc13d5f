import type { Ingress, IngressBackend } from "../../wire/ingress.ts";
import { annotationsOf, filled, some } from "./common.ts";
import type { IngressObject } from "./kube.ts";

/** How the class was named before `spec.ingressClassName`. */
const classAnnotation = "kubernetes.io/ingress.class";
type BackendObject = NonNullable<NonNullable<IngressObject["spec"]>["defaultBackend"]>;

export function projectIngress({ metadata, spec, status }: IngressObject): Ingress {
  const loadBalancer = status?.loadBalancer?.ingress?.map(({ ip, hostname, ports }) => ({
    ip,
    hostname,
    ports: some(ports),
  }));
  const hosts = [...new Set((spec?.rules ?? []).flatMap((rule) => (rule.host ? [rule.host] : [])))];
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      class: spec?.ingressClassName ?? metadata.annotations?.[classAnnotation],
      hosts: some(hosts),
      tlsEnabled: (spec?.tls?.length ?? 0) > 0,
      createdAt: metadata.creationTimestamp,
      loadBalancer: some(loadBalancer?.flatMap(({ ip, hostname }) => hostname ?? ip ?? [])),
    },
    spec: {
      ingressClassName: spec?.ingressClassName,
      defaultBackend: spec?.defaultBackend && backendOf(spec.defaultBackend),
      rules: some(
        spec?.rules?.map(({ host, http }) => ({
          host,
          paths: some(
            http?.paths.map(({ path, pathType, backend }) => ({
              path,
              pathType,
              backend: backendOf(backend),
            })),
          ),
        })),
      ),
      tls: some(spec?.tls?.map(({ secretName, hosts }) => ({ secretName, hosts: some(hosts) }))),
    },
    status: loadBalancer && loadBalancer.length > 0 ? { loadBalancer } : undefined,
    annotations: annotationsOf(metadata.annotations),
    labels: filled(metadata.labels),
  };
}

function backendOf({ service, resource }: BackendObject): IngressBackend {
  if (service === undefined) return { type: "Resource", resource };
  return {
    type: "Service",
    service: { name: service.name, portName: service.port?.name, portNumber: service.port?.number },
  };
}
