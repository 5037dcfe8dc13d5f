import { kinds } from "../kinds.ts";
import type { Stored } from "../object.ts";
import { suffix } from "../rest.ts";
import { isReady } from "./replicas.ts";
import { ownerReference } from "./types.ts";
import type { World } from "./world.ts";

interface ServiceSpec {
  selector?: Record<string, string>;
  ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
}

/** One EndpointSlice per Service: the addresses of the pods it selects, and whether each is ready. */
export function runEndpoints(world: World): void {
  const pods = world.pods();
  for (const service of world.rest.store.list(kinds.services)) {
    const { selector, ports } = (service.spec ?? {}) as unknown as ServiceSpec;
    if (!selector) continue;
    const { namespace, name } = service.metadata;
    const endpoints = pods
      .filter(
        (pod) =>
          pod.metadata.namespace === namespace &&
          pod.status.podIP &&
          pod.status.phase === "Running" &&
          Object.entries(selector).every(([key, value]) => pod.metadata.labels?.[key] === value),
      )
      .map((pod) => {
        const ready = isReady(pod) && !pod.metadata.deletionTimestamp;
        return {
          addresses: [pod.status.podIP],
          conditions: {
            ready,
            serving: isReady(pod),
            terminating: pod.metadata.deletionTimestamp !== undefined,
          },
          nodeName: pod.spec.nodeName,
          targetRef: { kind: "Pod", namespace, name: pod.metadata.name, uid: pod.metadata.uid },
        };
      });
    const sliceName = `${name}-${suffix(service.metadata.uid)}`;
    const body = {
      metadata: {
        name: sliceName,
        labels: {
          "kubernetes.io/service-name": name,
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        ownerReferences: [ownerReference(service)],
      },
      addressType: "IPv4",
      endpoints,
      ports: (ports ?? []).map((port) => ({
        name: port.name ?? "",
        port: typeof port.targetPort === "number" ? port.targetPort : port.port,
        protocol: port.protocol ?? "TCP",
      })),
    };
    const before: Stored | undefined = world.rest.store.get(kinds.endpointslices, namespace, sliceName);
    if (before === undefined) world.rest.create(kinds.endpointslices, namespace, body);
    else if (!Bun.deepEquals(before.endpoints, endpoints) || !Bun.deepEquals(before.ports, body.ports))
      world.rest.store.put(kinds.endpointslices, { ...before, endpoints, ports: body.ports });
  }
}
