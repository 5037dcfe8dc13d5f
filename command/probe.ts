import { hostname } from "node:os";
import type { Environment } from "../kit/env.ts";
import { probeVariables, readProbeConfig } from "../probe/config.ts";
import { bunHost } from "../probe/host/bun.ts";
import { startProbe } from "../probe/start.ts";
import { type Command, expectNoMore } from "./command.ts";
import { stopAll, stopSignal } from "./signals.ts";

export const probe: Command = {
  usage: "probe",
  summary: "measures this node and pushes to the cluster's agent",
  variables: probeVariables,
  async run(args: string[], environment: Environment) {
    expectNoMore(args);
    const config = readProbeConfig(environment, hostname());
    const running = startProbe(config, bunHost([config.procRoot, config.sysRoot, config.hostRoot]));
    await stopSignal();
    return stopAll([() => running.stop()]);
  },
};
