import { KubeClient } from "../../agent/kube/client.ts";
import { findKubernetes } from "../../agent/kube/find.ts";

const path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const everyMs = 10_000;

/**
 * Renews the leases of simulated nodes, as their kubelets would. The simulation's own heartbeat comes less often
 * than the node controller wants one: it would mark all their pods as not ready now and then, and nobody would
 * undo it.
 */
export async function keepLeases(kubeconfig: string, nodes: string[]): Promise<() => void> {
  const access = await findKubernetes({ environment: { KUBECONFIG: kubeconfig } });
  if (!access.found) throw new Error(access.looked.join("; "));
  const client = new KubeClient(access);
  const spec = (name: string) => ({
    holderIdentity: name,
    leaseDurationSeconds: 40,
    renewTime: new Date().toISOString().replace("Z", "000Z"),
  });
  for (const name of nodes)
    await client.json("POST", path, { body: { metadata: { name }, spec: spec(name) } });
  const timer = setInterval(async () => {
    for (const name of nodes)
      await client
        .json("PATCH", `${path}/${name}`, {
          body: { spec: spec(name) },
          contentType: "application/merge-patch+json",
        })
        .catch(() => {});
  }, everyMs);
  return () => {
    clearInterval(timer);
    client.close();
  };
}
