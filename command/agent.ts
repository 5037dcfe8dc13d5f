import { agentVariables, readAgentConfig } from "../agent/config.ts";
import { findKubernetes } from "../agent/kube/find.ts";
import { KubeconfigError } from "../agent/kube/kubeconfig.ts";
import { startAgent } from "../agent/start.ts";
import { type Environment, readEnvironment } from "../kit/env.ts";
import { createLog } from "../kit/log.ts";
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
    const running = await startAgent(config, {
      kube: kube.found ? kube : undefined,
      log: createLog("agent", logLevel),
    });
    await stopSignal();
    return stopAll([() => running.stop()]);
  },
};
