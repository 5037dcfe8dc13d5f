import {
  boolean,
  ConfigError,
  duration,
  type Environment,
  httpUrl,
  integer,
  oneOf,
  port,
  readEnvironment,
  secret,
  text,
  words,
} from "../kit/env.ts";
import { allowedCommands, defaultRules, type CommandRules } from "./control/rules.ts";

/** Every variable of `atlhyper agent`. */
export const agentVariables = {
  masterUrl: httpUrl("ATLHYPER_MASTER_URL", "", "address of the master"),
  token: secret("ATLHYPER_TOKEN", "", "the cluster's token, from `atlhyper cluster add`"),
  enrolToken: secret(
    "ATLHYPER_ENROL_TOKEN",
    "",
    "instead of ATLHYPER_TOKEN: exchanged once for the cluster's token, which is kept as a Secret",
  ),
  masterCa: text(
    "ATLHYPER_MASTER_CA",
    "",
    "file with the PEM of the authority that signed the master's certificate",
  ),
  clusterName: text("ATLHYPER_CLUSTER_NAME", "", "name to show; the kubeconfig's context otherwise"),
  clusterId: text("ATLHYPER_CLUSTER_ID", "", "id of the cluster; the UID of kube-system otherwise"),
  kubeconfig: text(
    "KUBECONFIG",
    "",
    "kubeconfig files; ~/.kube/config, or the pod's service account otherwise",
  ),
  context: text("ATLHYPER_CONTEXT", "", "context of the kubeconfig; its current one otherwise (--context)"),
  host: text("ATLHYPER_HOST", "0.0.0.0", "address to listen on for probes"),
  probePort: port("ATLHYPER_PROBE_PORT", "8082", "port to listen on for probes"),
  probeToken: secret("ATLHYPER_PROBE_TOKEN", "", "token of the probes; without it none are taken"),
  configMapPreview: integer(0, 4096)(
    "ATLHYPER_CONFIGMAP_PREVIEW",
    "0",
    "characters of each ConfigMap value to send; 0 sends names and sizes only",
  ),
  certificates: boolean(
    "ATLHYPER_CERTIFICATES",
    "false",
    "tell when certificates in Secrets of type kubernetes.io/tls expire; needs the right to read Secrets",
  ),
  eventsEveryMs: duration("1s", "1m")(
    "ATLHYPER_EVENTS_EVERY",
    "5s",
    "how often events are sent; what has just broken does not wait for it",
  ),
  metricsEveryMs: duration("1s", "5m")("ATLHYPER_METRICS_EVERY", "5s", "how often metrics are sent at most"),
  statusEveryMs: duration("5s", "5m")(
    "ATLHYPER_STATUS_EVERY",
    "30s",
    "how often the agent gives a sign of life",
  ),
  eventBuffer: integer(100, 100_000)(
    "ATLHYPER_EVENT_BUFFER",
    "5000",
    "events kept while the master is away; the oldest are dropped first",
  ),
  legacyMaster: boolean(
    "ATLHYPER_LEGACY_MASTER",
    "false",
    "the master is AtlHyper 1.x: full lists every 30s, no deltas, no status, events in its form",
  ),
  allowCommands: allowedCommands(
    "ATLHYPER_ALLOW_COMMANDS",
    "all",
    "commands taken from the master: all, none, read (what changes nothing), or a list of types",
  ),
  protectNamespaces: words(
    "ATLHYPER_PROTECT_NAMESPACES",
    "kube-system",
    "namespaces in which commands change nothing; `,` protects none",
  ),
  allowExec: boolean("ATLHYPER_ALLOW_EXEC", "true", "terminals in containers may be opened"),
  verifyMs: duration("1s", "1h")(
    "ATLHYPER_VERIFY",
    "11m",
    "how long a command is watched for what it wanted; a Deployment gets 10m to make progress",
  ),
  logLevel: oneOf("debug", "info", "warn", "error")("ATLHYPER_LOG_LEVEL", "info", "least level of log lines"),
};

export interface AgentConfig {
  masterUrl: string;
  token: string;
  /** Where there is no token: what is exchanged for one. */
  enrolToken: string;
  /** Path of a PEM file; empty: what the system trusts. */
  masterCa: string;
  /** Empty: from the context, or the machine's name. */
  clusterName: string;
  /** Empty: from the cluster, or the machine. */
  clusterId: string;
  /** Where probes are taken; undefined: not over the network. */
  ingest: { host: string; port: number; token: string } | undefined;
  configMapPreview: number;
  certificates: boolean;
  eventsEveryMs: number;
  metricsEveryMs: number;
  statusEveryMs: number;
  eventBuffer: number;
  legacyMaster: boolean;
  rules: CommandRules;
  verifyMs: number;
}

/** A config with the defaults of everything that is not given; for `up` and tests. */
export function agentConfig(
  given: Partial<AgentConfig> & Pick<AgentConfig, "masterUrl" | "token">,
): AgentConfig {
  return {
    enrolToken: "",
    masterCa: "",
    clusterName: "",
    clusterId: "",
    ingest: undefined,
    configMapPreview: 0,
    certificates: false,
    eventsEveryMs: 5000,
    metricsEveryMs: 5000,
    statusEveryMs: 30_000,
    eventBuffer: 5000,
    legacyMaster: false,
    rules: defaultRules,
    verifyMs: 660_000,
    ...given,
  };
}

/** The config of `atlhyper agent`; throws a ConfigError that names every fault. */
export function readAgentConfig(environment: Environment): AgentConfig {
  const faults: string[] = [];
  const missing = (name: string, what: string) => {
    if (!environment[name]) faults.push(`${name} is not set: ${what}`);
  };
  missing("ATLHYPER_MASTER_URL", "the address of the master, such as http://atlhyper.example:8080");
  // A pod may have been enrolled by an earlier one: its Secret tells.
  const enrols = Boolean(environment.ATLHYPER_ENROL_TOKEN || environment.KUBERNETES_SERVICE_HOST);
  if (!enrols && !/^(1|true|yes|on)$/i.test(environment.ATLHYPER_LEGACY_MASTER ?? ""))
    missing("ATLHYPER_TOKEN", "the token that `atlhyper cluster add NAME` prints on the master");
  try {
    const { host, probePort, probeToken, allowCommands, protectNamespaces, allowExec, ...rest } =
      readEnvironment(agentVariables, environment);
    if (faults.length > 0) throw new ConfigError(faults);
    const ingest = probeToken === "" ? undefined : { host, port: probePort, token: probeToken };
    const rules = { commands: allowCommands, protectedNamespaces: protectNamespaces, exec: allowExec };
    return agentConfig({ ...rest, ingest, rules });
  } catch (error) {
    if (!(error instanceof ConfigError) || error.faults === faults) throw error;
    throw new ConfigError([...faults, ...error.faults]);
  }
}
