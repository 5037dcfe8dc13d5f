import type { Service } from "../../wire/service.ts";
import { filled, some, told } from "./common.ts";
import type { EndpointSliceObject, ServiceObject } from "./kube.ts";

type Backends = NonNullable<Service["backends"]>;
type Endpoint = NonNullable<Backends["endpoints"]>[number];

/** One EndpointSlice as its Service shows it. */
export interface SliceView {
  ports: { name?: string; port?: number; protocol?: string }[];
  endpoints: Endpoint[];
}

/** Endpoints listed per Service; the counts cover all. A headless Service of thousands would fill a page alone. */
const maxEndpoints = 1000;

export function projectService(object: ServiceObject, slices: readonly SliceView[]): Service {
  const { metadata, spec, status } = object;
  const type = spec?.type ?? "ClusterIP";
  const hasSelector = filled(spec?.selector) !== undefined;
  const badges: string[] = [];
  if (spec?.clusterIP === "None") badges.push("Headless");
  const backends = backendsOf(slices);
  if (hasSelector && type !== "ExternalName" && backends?.summary?.ready === 0) badges.push("NoEndpoints");
  return {
    summary: {
      name: metadata.name,
      namespace: metadata.namespace ?? "",
      uid: metadata.uid,
      type,
      createdAt: metadata.creationTimestamp,
      portsCount: spec?.ports?.length ?? 0,
      hasSelector,
      badges: some(badges),
      clusterIP: told(spec?.clusterIP),
      externalName: told(spec?.externalName),
    },
    spec: {
      type,
      sessionAffinity: spec?.sessionAffinity,
      externalTrafficPolicy: spec?.externalTrafficPolicy,
      internalTrafficPolicy: spec?.internalTrafficPolicy,
    },
    ports: some(
      spec?.ports?.map(({ name, protocol, port, targetPort, nodePort, appProtocol }) => ({
        name,
        protocol,
        port,
        targetPort: targetPort as string | number | undefined,
        nodePort,
        appProtocol,
      })),
    ),
    selector: filled(spec?.selector),
    network: {
      clusterIPs: some(spec?.clusterIPs),
      externalIPs: some(spec?.externalIPs),
      loadBalancerIngress: some(status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ({ ip, hostname }))),
    },
    backends,
    labels: filled(metadata.labels),
  };
}

function backendsOf(slices: readonly SliceView[]): Backends {
  const endpoints = slices.flatMap((slice) => slice.endpoints);
  const ready = endpoints.filter((one) => one.ready).length;
  const ports = new Map(
    slices
      .flatMap((slice) => slice.ports)
      .map((port) => [`${port.name}/${port.port}/${port.protocol}`, port]),
  );
  return {
    summary: { ready, notReady: endpoints.length - ready, total: endpoints.length, slices: slices.length },
    ports: some([...ports.values()]),
    endpoints: some(endpoints.toSorted(byAddress).slice(0, maxEndpoints)),
  };
}

/** Not ready first, since one looks for those; then by address, so that the order is always the same. */
function byAddress(a: Endpoint, b: Endpoint): number {
  return Number(a.ready ?? true) - Number(b.ready ?? true) || (a.address < b.address ? -1 : 1);
}

export function projectSlice({ endpoints, ports }: EndpointSliceObject): SliceView {
  return {
    ports: (ports ?? []).map(({ name, port, protocol }) => ({ name: told(name), port, protocol })),
    endpoints: (endpoints ?? []).flatMap(({ addresses, conditions, nodeName, zone, targetRef }) =>
      (addresses ?? []).slice(0, 1).map((address) => ({
        address,
        // KEP-1672: absent means ready.
        ready: conditions?.ready ?? true,
        nodeName,
        zone,
        targetRef: targetRef && {
          kind: targetRef.kind,
          name: targetRef.name,
          namespace: targetRef.namespace,
        },
      })),
    ),
  };
}
