import { hostname } from "node:os";
import { agentVariables, type AgentConfig } from "../agent/config.ts";
import { hostId } from "../agent/host-id.ts";
import type { KubeAccess } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { KubeconfigError } from "../agent/kube/kubeconfig.ts";
import { type Environment, readEnvironment } from "../kit/env.ts";
import { createLog } from "../kit/log.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { type Master, startMaster } from "../master/start.ts";
import { probeVariables, readProbeConfig } from "../probe/config.ts";
import { bunHost } from "../probe/host/bun.ts";
import { standInFor } from "../probe/host/local.ts";
import { startProbe } from "../probe/start.ts";
import { type Command, expectNoMore, print, takeOptions, UsageError } from "./command.ts";
import { stopAll, stopSignal } from "./signals.ts";
import { demoControl } from "./up/demo.ts";
import { type LocalAgent, startLocalAgent } from "./up/local-cluster.ts";
import { nodeOfMachine, readNodes } from "./up/this-machine.ts";
import { printWelcome } from "./welcome.ts";

/** How long the cluster may take to say who it is before everything starts without knowing. */
const identifyWithinMs = 1200;

const { clusterName, clusterId, kubeconfig, context, probePort, probeToken, configMapPreview, certificates } =
  agentVariables;
const { allowCommands, protectNamespaces, allowExec } = agentVariables;
const localAgentVariables = {
  clusterName,
  clusterId,
  kubeconfig,
  context,
  probePort,
  probeToken,
  configMapPreview,
  certificates,
  allowCommands,
  protectNamespaces,
  allowExec,
};

/** The probe hands over to the agent in the same process: it needs no address and no token. */
const {
  agentUrl: _agentUrl,
  token: _token,
  logLevel: _logLevel,
  nodeName: _nodeName,
  ...localProbeVariables
} = probeVariables;

const variables = { ...masterVariables, ...localAgentVariables, ...localProbeVariables };

export const up: Command = {
  usage: "up [--context NAME]",
  summary: "master, agent and probe in one process",
  options: { "--context": "context of the kubeconfig; its current one otherwise" },
  variables,
  async run(args: string[], environment: Environment) {
    const { options, rest } = takeOptions(args, ["context"]);
    expectNoMore(rest);
    // Somebody looks at this terminal for the link: only what is wrong is logged, unless more is asked for.
    const calm = { ATLHYPER_LOG_LEVEL: "warn", ...environment };
    // Of all three at once, so that every fault is in one message.
    readEnvironment(variables, calm);
    const config = readMasterConfig(calm);
    const local = readEnvironment(localAgentVariables, calm);
    const probeConfig = readProbeConfig(calm, hostname());
    const host = bunHost([probeConfig.procRoot, probeConfig.sysRoot, probeConfig.hostRoot]);
    const log = createLog("agent", config.logLevel);
    const kube = await findKubernetes({
      environment,
      context: options.context ?? (local.context || undefined),
    }).catch((error: unknown) => {
      if (error instanceof KubeconfigError) throw new UsageError(error.message);
      throw error;
    });

    let running: Master;
    const demo = demoControl(() => running, log);
    running = await startMaster(config, { demo });
    await demo.forgetOld();
    printWelcome(running);

    const agents: LocalAgent[] = [];
    const agentOptions: Partial<AgentConfig> = {
      clusterId: local.clusterId,
      configMapPreview: local.configMapPreview,
      certificates: local.certificates,
      rules: {
        commands: local.allowCommands,
        protectedNamespaces: local.protectNamespaces,
        exec: local.allowExec,
      },
      ...(local.probeToken
        ? { ingest: { host: config.host, port: local.probePort, token: local.probeToken } }
        : {}),
    };
    let nodeName: string | undefined;
    let probed: LocalAgent | undefined;
    if (kube.found) {
      const facts = await clusterFacts(kube, host.hostname(), await machineID());
      nodeName = facts.nodeName;
      const cluster = await startLocalAgent(
        running,
        {
          name: local.clusterName || kube.context,
          flavour: "kubernetes",
          clusterID: local.clusterId || facts.clusterID,
          kube,
          config: agentOptions,
        },
        log,
      );
      agents.push(cluster);
      if (nodeName !== undefined) probed = cluster;
      print(`  Cluster ${local.clusterName || kube.context} at ${kube.server}\n`);
    } else
      print(
        `  No Kubernetes was found: ${kube.looked.join("; ")}.\n  This machine's own metrics are there, and a demo cluster is one click away.\n`,
      );
    if (probed === undefined) {
      probed = await startLocalAgent(
        running,
        {
          name: hostname(),
          flavour: "host",
          clusterID: await hostId(),
          kube: undefined,
          config: kube.found ? {} : agentOptions,
        },
        log,
      );
      agents.push(probed);
    }
    const target = probed.agent;
    const probe = startProbe({ ...probeConfig, nodeName: nodeName ?? probeConfig.nodeName }, host, {
      deliver: async (snapshot) => target.putMetrics(snapshot),
      sampler: await standInFor(probeConfig, host),
    });

    await stopSignal();
    return stopAll([
      () => probe.stop(),
      () => Promise.all([demo.running() ? demo.stop() : undefined, ...agents.map((agent) => agent.stop())]),
      () => running.stop(),
    ]);
  },
};

/** Who the cluster is and which of its nodes this machine is, as far as the cluster tells in time. */
async function clusterFacts(
  kube: KubeAccess,
  hostname: string,
  machineID: string | undefined,
): Promise<{ clusterID?: string; nodeName?: string }> {
  const client = new KubeClient(kube);
  const signal = AbortSignal.timeout(identifyWithinMs);
  try {
    const [namespace, nodes] = await Promise.all([
      client.json<{ metadata: { uid: string } }>("GET", "/api/v1/namespaces/kube-system", { signal }),
      readNodes(client, signal),
    ]);
    return { clusterID: namespace.metadata.uid, nodeName: nodeOfMachine(nodes, { hostname, machineID }) };
  } catch {
    // The agent goes on asking, and says what is wrong.
    return {};
  } finally {
    client.close();
  }
}

async function machineID(): Promise<string | undefined> {
  return (
    (
      await Bun.file("/etc/machine-id")
        .text()
        .catch(() => "")
    ).trim() || undefined
  );
}
