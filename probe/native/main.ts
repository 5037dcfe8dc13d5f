import { ConfigError, describeEnvironment } from "../../kit/env.ts";
import { version } from "../../wire/version.ts";
import { probeVariables, readProbeConfig } from "../config.ts";
import type { Native } from "../host/native.ts";
import { quickJsHost } from "../host/quickjs.ts";
import { type Probe, startProbe } from "../start.ts";

/** The `atlhyper probe` command, for a binary that is the probe alone. */
declare const native: Native;

const help = `Usage: atlhyper-probe

measures this node and pushes to the cluster's agent

Options:
  --version  the version
  --help     this text

Environment:
`;

function start(): (() => number | undefined) | number {
  const [argument] = native.arguments;
  if (argument === "--help" || argument === "-h") {
    native.print(`${help}${describeEnvironment(probeVariables)}\n`);
    return 0;
  }
  if (argument === "--version") {
    native.print(`${version}\n`);
    return 0;
  }
  if (argument !== undefined) return complain(`${argument} is too much: there are no arguments`);
  const host = quickJsHost(native);
  let config: ReturnType<typeof readProbeConfig>;
  try {
    config = readProbeConfig(host.environment(), host.hostname());
    for (const root of new Set(["/", config.procRoot, config.sysRoot, config.hostRoot])) native.root(root);
  } catch (error) {
    if (!(error instanceof ConfigError)) return complain((error as Error).message);
    return complain(["The configuration is not right:", ...error.faults.map((one) => `  ${one}`)].join("\n"));
  }
  return turns(startProbe(config, host), host.turn);
}

/** Runs until the process is told to stop, and then until the probe has. */
function turns(probe: Probe, turn: () => boolean): () => number | undefined {
  let stopping = false;
  let code: number | undefined;
  return () => {
    if (code !== undefined) return code;
    if (turn()) {
      if (stopping) return 130;
      stopping = true;
      probe.stop().then(() => {
        code = 0;
      });
    }
    return undefined;
  };
}

function complain(text: string): number {
  native.printError(`atlhyper-probe: ${text}\n`);
  return 2;
}

const started = start();
native.run(typeof started === "number" ? () => started : started);
