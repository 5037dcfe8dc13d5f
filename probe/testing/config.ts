import type { ProbeConfig } from "../config.ts";

/** The defaults, with a token and a name. */
export const config: ProbeConfig = {
  agent: { host: "127.0.0.1", port: 8082, path: "", authority: "127.0.0.1:8082" },
  token: "probe-token",
  nodeName: "node-1",
  pushIntervalMs: 5000,
  cpuIntervalMs: 2000,
  topProcesses: 5,
  processArguments: false,
  virtualInterfaces: true,
  excludedInterfaces: [],
  procRoot: "/proc",
  sysRoot: "/sys",
  hostRoot: "/",
  logLevel: "info",
};
