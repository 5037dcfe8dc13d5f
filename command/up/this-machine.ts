import type { KubeClient } from "../../agent/kube/client.ts";

interface NodeFacts {
  metadata: { name: string; labels?: Record<string, string> };
  status?: { nodeInfo?: { machineID?: string }; addresses?: { type: string; address: string }[] };
}

/** What a machine is known by. */
export interface Machine {
  hostname: string;
  /** machine-id(5); undefined where there is none. */
  machineID: string | undefined;
}

/**
 * The node of a cluster that this machine is: the one with its machine-id, or, where that cannot be told, with
 * its name. Undefined where it is none of them, as on a laptop that looks at a cluster elsewhere.
 */
export function nodeOfMachine(nodes: NodeFacts[], machine: Machine): string | undefined {
  const { machineID, hostname } = machine;
  const same = nodes.filter((node) => machineID && node.status?.nodeInfo?.machineID === machineID);
  if (same.length === 1) return same[0]!.metadata.name;
  const name = hostname.toLowerCase();
  return nodes.find((node) => {
    const known = node.status?.nodeInfo?.machineID;
    // A machine of the same name with another machine-id is another machine.
    if (machineID && known && known !== machineID) return false;
    return node.metadata.name === name || node.metadata.labels?.["kubernetes.io/hostname"] === name;
  })?.metadata.name;
}

export async function readNodes(client: KubeClient, signal: AbortSignal): Promise<NodeFacts[]> {
  const list = await client.json<{ items: NodeFacts[] }>("GET", "/api/v1/nodes", {
    query: { limit: "1000" },
    signal,
  });
  return list.items;
}
