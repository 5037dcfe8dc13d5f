import type { Node } from "../../wire/node.ts";
import { conditionsOf, filled, some, told } from "./common.ts";
import type { NodeObject } from "./kube.ts";

const rolePrefix = "node-role.kubernetes.io/";
/** Conditions that are good when `False`. */
const pressures = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];

export function projectNode(object: NodeObject): Node {
  const { metadata, spec, status } = object;
  const ready = status?.conditions?.find((one) => one.type === "Ready");
  const badges = pressures.filter((type) =>
    status?.conditions?.some((one) => one.type === type && one.status === "True"),
  );
  if (spec?.unschedulable) badges.unshift("SchedulingDisabled");
  const addresses = status?.addresses ?? [];
  const address = (type: string) => addresses.find((one) => one.type === type)?.address;
  return {
    summary: {
      name: metadata.name,
      uid: metadata.uid,
      roles: some(rolesOf(metadata.labels)),
      ready: ready?.status ?? "Unknown",
      schedulable: !spec?.unschedulable,
      creationTime: metadata.creationTimestamp,
      badges: some(badges),
      reason: ready?.status === "True" ? undefined : told(ready?.reason),
      message: ready?.status === "True" ? undefined : told(ready?.message),
    },
    spec: {
      podCIDRs: some(spec?.podCIDRs),
      providerID: told(spec?.providerID),
      unschedulable: spec?.unschedulable || undefined,
    },
    capacity: amountsOf(status?.capacity),
    allocatable: amountsOf(status?.allocatable),
    addresses: {
      hostname: address("Hostname"),
      internalIP: address("InternalIP"),
      externalIP: address("ExternalIP"),
      all: some(addresses.map(({ type, address }) => ({ type, address }))),
    },
    info: infoOf(status?.nodeInfo),
    conditions: conditionsOf(status?.conditions),
    taints: some(spec?.taints?.map(({ key, value, effect }) => ({ key, value: told(value), effect }))),
    labels: filled(metadata.labels),
  };
}

function rolesOf(labels: Record<string, string> = {}): string[] {
  const roles = Object.keys(labels)
    .filter((key) => key.startsWith(rolePrefix) && key.length > rolePrefix.length)
    .map((key) => key.slice(rolePrefix.length));
  const old = labels["kubernetes.io/role"];
  if (old && !roles.includes(old)) roles.push(old);
  return roles.sort();
}

function amountsOf(amounts: Record<string, string> | undefined): Node["capacity"] {
  if (amounts === undefined) return undefined;
  const { cpu, memory, pods, "ephemeral-storage": ephemeralStorage, ...others } = amounts;
  return { cpu, memory, pods, ephemeralStorage, scalarResources: filled(others) };
}

function infoOf(info: NonNullable<NodeObject["status"]>["nodeInfo"]): Node["info"] {
  return (
    info && {
      osImage: told(info.osImage),
      operatingSystem: told(info.operatingSystem),
      architecture: told(info.architecture),
      kernelVersion: told(info.kernelVersion),
      containerRuntimeVersion: told(info.containerRuntimeVersion),
      kubeletVersion: told(info.kubeletVersion),
      kubeProxyVersion: told(info.kubeProxyVersion),
    }
  );
}
