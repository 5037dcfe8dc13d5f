import type { Service } from "../../wire/service.ts";
import { filled, some, told } from "./common.ts";
import type { EndpointSliceObject, ServiceObject } from "./kube.ts";

type Backends = NonNullable<Service["backends"]>;
type Endpoint = NonNullable<Backends["endpoints"]>[number];

/** One EndpointSlice as its Service shows it. Endpoints are the most numerous thing kept: as JSON text. */
export interface SliceView {
  ready: number;
  total: number;
  ports: string[];
  /** JSON of the endpoints, separated by commas: not ready ones first, then by address. */
  endpoints: string;
}

/** Endpoints listed per Service; the counts cover all. A Service of thousands would fill a page alone. */
const maxEndpoints = 1000;

/** Without its backends: `joinSlices` brings those, since they change on their own. */
export function projectService(object: ServiceObject): Omit<Service, "backends"> {
  const { metadata, spec, status } = object;
  const type = spec?.type ?? "ClusterIP";
  const hasSelector = filled(spec?.selector) !== undefined;
  const badges: string[] = [];
  if (spec?.clusterIP === "None") badges.push("Headless");
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
    labels: filled(metadata.labels),
  };
}

export function projectSlice({ endpoints, ports }: EndpointSliceObject): SliceView {
  const list = (endpoints ?? []).flatMap(({ addresses, conditions, nodeName, zone, targetRef }): Endpoint[] =>
    (addresses ?? []).slice(0, 1).map((address) => ({
      address,
      // The API's own words: a nil condition is to be taken as ready.
      ready: conditions?.ready ?? true,
      nodeName,
      zone,
      targetRef: targetRef && {
        kind: targetRef.kind,
        name: targetRef.name,
        namespace: targetRef.namespace,
      },
    })),
  );
  return {
    ready: list.filter((one) => one.ready).length,
    total: list.length,
    ports: (ports ?? []).map(({ name, port, protocol }) =>
      JSON.stringify({ name: told(name), port, protocol }),
    ),
    endpoints: JSON.stringify(list.sort(byAddress)).slice(1, -1),
  };
}

function byAddress(a: Endpoint, b: Endpoint): number {
  return Number(a.ready) - Number(b.ready) || (a.address < b.address ? -1 : 1);
}

/** How many endpoints there are in all slices of a Service, and how many take traffic. */
export function countEndpoints(slices: readonly SliceView[]): { ready: number; total: number } {
  const counts = { ready: 0, total: 0 };
  for (const { ready, total } of slices) {
    counts.ready += ready;
    counts.total += total;
  }
  return counts;
}

/** The fields that EndpointSlices, in the order of their names, bring into their Service; as JSON text. */
export function joinSlices(slices: readonly SliceView[]): string {
  const { ready, total } = countEndpoints(slices);
  const summary: Backends["summary"] = { ready, notReady: total - ready, total, slices: slices.length };
  const ports = [...new Set(slices.flatMap((slice) => slice.ports))];
  const endpoints: string[] = [];
  let listed = 0;
  for (const slice of slices) {
    if (slice.total === 0) continue;
    if (listed > 0 && listed + slice.total > maxEndpoints) break;
    listed += slice.total;
    endpoints.push(slice.endpoints);
  }
  return `"backends":{"summary":${JSON.stringify(summary)},"ports":[${ports.join(",")}],"endpoints":[${endpoints.join(",")}]}`;
}
