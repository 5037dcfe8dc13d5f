import { hostname } from "node:os";
import { hash } from "./cluster/identity.ts";

/**
 * The id of a machine without Kubernetes: made from its machine-id, which stays over reboots and renames but
 * is not to be told outside as it is (machine-id(5)).
 */
export async function hostId(machineIdPath = "/etc/machine-id"): Promise<string> {
  const machineId = await Bun.file(machineIdPath)
    .text()
    .catch(() => "");
  return `host-${hash(`atlhyper ${machineId.trim() || hostname()}`)}`;
}
