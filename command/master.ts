import type { Environment } from "../kit/env.ts";
import { masterVariables, readMasterConfig } from "../master/config.ts";
import { startMaster } from "../master/start.ts";
import { type Command, expectNoMore } from "./command.ts";
import { stopAll, stopSignal } from "./signals.ts";
import { printWelcome } from "./welcome.ts";

export const master: Command = {
  usage: "master",
  summary: "stores, shows and remembers what the clusters' agents push",
  variables: masterVariables,
  async run(args: string[], environment: Environment) {
    expectNoMore(args);
    const running = await startMaster(readMasterConfig(environment));
    printWelcome(running);
    await stopSignal();
    return stopAll([() => running.stop()]);
  },
};
