import { type Agent, startAgent } from "../../agent/start.ts";
import { agentConfig, type AgentConfig } from "../../agent/config.ts";
import type { KubeAccess } from "../../agent/kube/access.ts";
import type { Log } from "../../kit/log.ts";
import { auditedBy } from "../../master/audit/audited.ts";
import { addCluster, findCluster } from "../../master/database/clusters.ts";
import { createClusterToken, listTokens, revokeToken } from "../../master/database/tokens.ts";
import type { Master } from "../../master/start.ts";
import type { AgentStatus } from "../../wire/status.ts";

/** The name of the tokens that `up` makes for its own agents: each is good for one run only. */
const tokenName = "up";

export interface LocalAgent {
  agent: Agent;
  /** The cluster's id in the database. */
  cluster: string;
  /** Stops the agent and ends its token. */
  stop(): Promise<void>;
}

export interface LocalCluster {
  name: string;
  flavour: AgentStatus["flavour"];
  /** What the cluster says it is, where that is known before the agent has asked. */
  clusterID: string | undefined;
  kube: KubeAccess | undefined;
  /** What the environment says of the agent. */
  config?: Partial<AgentConfig>;
}

/** Starts an agent in this process for a cluster that the master gets to know, or knows from an earlier run. */
export async function startLocalAgent(master: Master, local: LocalCluster, log: Log): Promise<LocalAgent> {
  const { database } = master;
  const cluster = await recordFor(master, local);
  for (const old of await listTokens(database, { cluster }))
    if (old.name === tokenName) await revokeToken(database, old.id);
  const token = await createClusterToken(database, cluster, tokenName);
  await master.parts.refreshClusters();
  const config = agentConfig({
    ...local.config,
    masterUrl: master.localUrl(),
    token,
    clusterName: local.name,
  });
  const agent = await startAgent(config, { kube: local.kube, log });
  return {
    agent,
    cluster,
    async stop() {
      await agent.stop();
      for (const own of await listTokens(database, { cluster }))
        if (own.name === tokenName) await revokeToken(database, own.id);
    },
  };
}

/**
 * The cluster's record: by what it says it is; by its name, where that is nobody else's; or a new one, under a
 * name of its own (the context `default` of every k3s is a different cluster).
 */
async function recordFor(master: Master, { name, flavour, clusterID }: LocalCluster): Promise<string> {
  const { database } = master;
  const audited = auditedBy(master.parts, { actor: { kind: "system", name: "atlhyper up" } });
  const known = clusterID === undefined ? undefined : await findCluster(database, { clusterID });
  if (known) return known.id;
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name}-${n}`;
    const taken = await findCluster(database, { name: tried });
    if (!taken) {
      const added = await audited(
        ({ id }) => ({ action: "cluster.add", cluster: id, object: `cluster ${tried}` }),
        () => addCluster(database, tried, flavour, tokenName),
      );
      return added.id;
    }
    if (clusterID === undefined || taken.clusterID === undefined) return taken.id;
  }
}
