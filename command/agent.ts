import { identify } from "../agent/cluster/identity.ts";
import { type AgentConfig, agentVariables, readAgentConfig } from "../agent/config.ts";
import { enrol, EnrolmentRefused } from "../agent/enrol.ts";
import { createEvents } from "../agent/events.ts";
import type { KubeAccess, NoKubernetes } from "../agent/kube/access.ts";
import { KubeClient } from "../agent/kube/client.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { KubeconfigError } from "../agent/kube/kubeconfig.ts";
import { startAgent } from "../agent/start.ts";
import { type Environment, readEnvironment } from "../kit/env.ts";
import { createLog, type Log } from "../kit/log.ts";
import { type Command, complain, expectNoMore, takeOptions, UsageError } from "./command.ts";
import { becomeLean } from "./lean.ts";
import { stopAll, stopSignal } from "./signals.ts";

export const agent: Command = {
  usage: "agent [--context NAME]",
  summary: "watches one cluster and pushes to the master",
  options: { "--context": "context of the kubeconfig; its current one otherwise" },
  variables: agentVariables,
  async run(args: string[], environment: Environment) {
    const { options, rest } = takeOptions(args, ["context"]);
    expectNoMore(rest);
    const config = readAgentConfig(environment);
    const { context, logLevel } = readEnvironment(agentVariables, environment);
    becomeLean(environment);
    const kube = await findKubernetes({
      environment,
      context: options.context ?? (context || undefined),
    }).catch((error: unknown) => {
      if (error instanceof KubeconfigError) throw new UsageError(error.message);
      throw error;
    });
    if (!kube.found)
      complain(`no Kubernetes was found (${kube.looked.join("; ")}): only probes' metrics are pushed`);
    const log = createLog("agent", logLevel);
    if (config.token === "" && !config.legacyMaster) {
      const token = await enrolledToken(config, kube, log);
      if (token === undefined) return 1;
      config.token = token;
    }
    const running = await startAgent(config, { kube: kube.found ? kube : undefined, log });
    await stopSignal();
    return stopAll([() => running.stop()]);
  },
};

/** The token that this cluster was enrolled with, now or earlier; undefined where it cannot be, which is told. */
async function enrolledToken(
  config: AgentConfig,
  kube: KubeAccess | NoKubernetes,
  log: Log,
): Promise<string | undefined> {
  if (!kube.found) throw new UsageError("ATLHYPER_ENROL_TOKEN needs a Kubernetes; ATLHYPER_TOKEN does not");
  const events = createEvents(log);
  const client = new KubeClient(kube);
  const { signal } = new AbortController();
  try {
    const ca = config.masterCa === "" ? undefined : await Bun.file(config.masterCa).text();
    const identity = await identify(client, config.clusterId, signal, events.apiTrouble);
    return await enrol({
      client,
      namespace: kube.namespace ?? "atlhyper",
      master: { url: config.masterUrl, token: config.enrolToken, ca },
      clusterId: identity!.id,
      events,
      signal,
    });
  } catch (error) {
    if (!(error instanceof EnrolmentRefused)) throw error;
    complain(`the master refused the enrolment: ${error.message}`);
    return undefined;
  } finally {
    client.close();
  }
}
