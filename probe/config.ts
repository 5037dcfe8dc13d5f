import {
  boolean,
  duration,
  type Environment,
  integer,
  oneOf,
  readEnvironment,
  text,
  type Variable,
} from "../kit/env.ts";
import type { Level } from "../kit/log.ts";
import { type Address, parseAddress } from "./address.ts";

const agentUrl: Variable<string> = {
  name: "ATLHYPER_AGENT_URL",
  fallback: "http://127.0.0.1:8082",
  help: "where the cluster's agent takes snapshots",
  secret: false,
  parse(value) {
    parseAddress(value);
    return value;
  },
};

const token: Variable<string> = {
  name: "ATLHYPER_PROBE_TOKEN",
  fallback: "",
  help: "the token that the agent expects of its probes",
  secret: true,
  parse(value) {
    if (!/^[!-~]*$/.test(value))
      throw new Error("must be of visible ASCII characters, as it travels in a header");
    return value;
  },
};

/**
 * What container networks name the node's end of a pod's cable: the kernel's default, Calico, Cilium, the networks of
 * AWS and Azure. There is one for each pod, with another name after each restart.
 */
const podsInterfaces = "veth*,cali*,lxc*,eni*,azv*";

/** Every variable that the probe reads. */
export const probeVariables = {
  agentUrl,
  token,
  nodeName: text("ATLHYPER_NODE_NAME", "", "the node's name in Kubernetes; empty: the host name"),
  pushIntervalMs: duration("1s", "5m")("ATLHYPER_PUSH_INTERVAL", "5s", "time from one snapshot to the next"),
  cpuIntervalMs: duration("1s", "3s")("ATLHYPER_CPU_INTERVAL", "2s", "time between two samples of the CPU"),
  topProcesses: integer(0, 100)("ATLHYPER_TOP_PROCESSES", "5", "how many processes, by CPU and by memory"),
  processArguments: boolean(
    "ATLHYPER_PROCESS_ARGUMENTS",
    "false",
    "send the arguments of those processes too; they may hold passwords",
  ),
  virtualInterfaces: boolean("ATLHYPER_VIRTUAL_INTERFACES", "true", "send bridges and tunnels too"),
  excludedInterfaces: text(
    "ATLHYPER_EXCLUDE_INTERFACES",
    podsInterfaces,
    "interfaces to leave out, by default the nodes' ends of the pods' cables; `,` leaves out none",
  ),
  procRoot: text("ATLHYPER_PROC_ROOT", "/proc", "where the machine's /proc is mounted"),
  sysRoot: text("ATLHYPER_SYS_ROOT", "/sys", "where the machine's /sys is mounted"),
  hostRoot: text("ATLHYPER_HOST_ROOT", "/", "where the machine's / is mounted"),
  logLevel: oneOf(
    "debug",
    "info",
    "warn",
    "error",
  )("ATLHYPER_LOG_LEVEL", "info", "debug, info, warn or error"),
};

export interface ProbeConfig {
  agent: Address;
  token: string;
  nodeName: string;
  pushIntervalMs: number;
  cpuIntervalMs: number;
  topProcesses: number;
  processArguments: boolean;
  virtualInterfaces: boolean;
  excludedInterfaces: string[];
  procRoot: string;
  sysRoot: string;
  hostRoot: string;
  logLevel: Level;
}

/** Throws a ConfigError that names every fault. */
export function readProbeConfig(environment: Environment, hostname: string): ProbeConfig {
  const { agentUrl, ...values } = readEnvironment(probeVariables, environment);
  return {
    ...values,
    agent: parseAddress(agentUrl),
    // Kubernetes names nodes in lower case (RFC 1123).
    nodeName: (values.nodeName || hostname).toLowerCase(),
    excludedInterfaces: values.excludedInterfaces.split(",").flatMap((pattern) => pattern.trim() || []),
    procRoot: withoutSlash(values.procRoot),
    sysRoot: withoutSlash(values.sysRoot),
    hostRoot: withoutSlash(values.hostRoot),
  };
}

function withoutSlash(path: string): string {
  return path.replace(/(?!^)\/+$/, "");
}
