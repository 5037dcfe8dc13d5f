import {
  boolean,
  bytes,
  duration,
  type Environment,
  httpUrl,
  integer,
  oneOf,
  port,
  readEnvironment,
  secret,
  text,
} from "../kit/env.ts";
import { addressesVariable, trustedProxiesVariable } from "./trusted-proxies.ts";
import { clusterNames, metricsPattern, remoteHeaders, remoteUrl } from "./prometheus/remote/settings.ts";
import { groupRoles, issuer } from "./access/oidc-settings.ts";
import { approvals } from "./control/approval.ts";
import { heartbeatUrl } from "./notify/heartbeat.ts";
import { ownClusterToken } from "./own-cluster.ts";

/** Every variable of the master, with its default and a line of help. */
export const masterVariables = {
  host: text("ATLHYPER_HOST", "127.0.0.1", "address to listen on"),
  port: port("ATLHYPER_PORT", "8080", "port to listen on, 0 for any that is free"),
  data: text("ATLHYPER_DATA", "./data", "folder of the database"),
  publicUrl: httpUrl("ATLHYPER_PUBLIC_URL", "", "address at which people reach the pages, as links show it"),
  agentImage: text(
    "ATLHYPER_AGENT_IMAGE",
    "",
    "image of the agent, for the line that adds a cluster by kubectl",
  ),
  ownCluster: text(
    "ATLHYPER_OWN_CLUSTER",
    "local",
    "what the cluster of ATLHYPER_OWN_CLUSTER_TOKEN is called",
  ),
  ownClusterToken: ownClusterToken(
    "ATLHYPER_OWN_CLUSTER_TOKEN",
    "",
    "token of a cluster that is there from the start, so that an agent beside the master has only to be given the same",
  ),
  trustedProxies: trustedProxiesVariable(
    "ATLHYPER_TRUSTED_PROXIES",
    "",
    "reverse proxies, by address or range, whose X-Forwarded-For, -Proto, -Host and Forwarded headers count",
  ),
  tlsCert: text("ATLHYPER_TLS_CERT", "", "file with the master's certificate and its chain, for https"),
  tlsKey: text(
    "ATLHYPER_TLS_KEY",
    "",
    "file with the certificate's key; both are read again when they change",
  ),
  logLevel: oneOf(
    "debug",
    "info",
    "warn",
    "error",
  )("ATLHYPER_LOG_LEVEL", "info", "least level that is logged"),
  eventRetentionMs: duration("1h", "3650d")("ATLHYPER_EVENT_RETENTION", "30d", "how long events are kept"),
  auditRetentionMs: duration("1d", "36500d")(
    "ATLHYPER_AUDIT_RETENTION",
    "365d",
    "how long the audit log is kept, in whole days",
  ),
  auditKey: secret(
    "ATLHYPER_AUDIT_KEY",
    "",
    "key of the audit log's seals; audit.key in the data folder otherwise",
  ),
  eventMaxBytes: bytes("ATLHYPER_EVENT_MAX_SIZE", "2Gi", "size of the event history at which the oldest go"),
  historyRawMs: duration("1h", "3650d")(
    "ATLHYPER_HISTORY_RAW",
    "2d",
    "how long metrics are kept as they come, every 5 s",
  ),
  historyMinuteMs: duration("1h", "3650d")(
    "ATLHYPER_HISTORY_1M",
    "14d",
    "how long metrics are kept by minutes",
  ),
  historyTenMinutesMs: duration("1d", "3650d")(
    "ATLHYPER_HISTORY_10M",
    "90d",
    "how long metrics are kept by ten minutes",
  ),
  historyHourMs: duration("7d", "3650d")("ATLHYPER_HISTORY_1H", "730d", "how long metrics are kept by hours"),
  historyMaxBytes: bytes(
    "ATLHYPER_HISTORY_MAX_SIZE",
    "4Gi",
    "size of the metrics history at which the oldest of its largest part go",
  ),
  commandRetentionMs: duration("1d", "3650d")(
    "ATLHYPER_COMMAND_RETENTION",
    "365d",
    "how long commands that have ended are kept",
  ),
  exec: boolean(
    "ATLHYPER_EXEC",
    "true",
    "offer terminals in containers; false switches them off for everybody",
  ),
  execMaxMs: duration("1m", "7d")(
    "ATLHYPER_EXEC_MAX",
    "8h",
    "how long a terminal or a followed log may be open",
  ),
  execIdleMs: duration("1m", "7d")(
    "ATLHYPER_EXEC_IDLE",
    "15m",
    "a terminal ends when nothing was typed or written for this long",
  ),
  approve: approvals(
    "ATLHYPER_APPROVE",
    "none",
    "commands that a second person has to approve: none, danger (all that ask first), or a list of types",
  ),
  hubTtlMs: duration("10s", "24h")(
    "ATLHYPER_HUB_TTL",
    "1m",
    "how long messages stay in the hub for late subscribers",
  ),
  hubMaxRecords: integer(1, 1_000_000)("ATLHYPER_HUB_RECORDS", "10000", "most messages in the hub"),
  hubMaxBytes: bytes("ATLHYPER_HUB_SIZE", "4Mi", "most bytes of messages in the hub"),
  silentAfterMs: duration("10s", "1h")(
    "ATLHYPER_SILENT_AFTER",
    "90s",
    "how long nothing may come from a cluster before it counts as silent",
  ),
  sessionIdleMs: duration("1m", "365d")(
    "ATLHYPER_SESSION_IDLE",
    "7d",
    "a session ends when unused for this long",
  ),
  sessionMaxMs: duration("1m", "365d")("ATLHYPER_SESSION_MAX", "30d", "a session ends after this long"),
  passwordLength: integer(8, 128)(
    "ATLHYPER_PASSWORD_LENGTH",
    "10",
    "least characters of a new password, 8 to 128",
  ),
  passwordBreached: text(
    "ATLHYPER_PASSWORD_BREACHED",
    "",
    "file of passwords that nobody may choose: words, or sorted SHA-1 hashes, one a line",
  ),
  requireTotp: oneOf("off", "admins", "everybody")(
    "ATLHYPER_REQUIRE_TOTP",
    "off",
    "who has to have a second factor: off, admins, everybody; who signs in by a provider is its matter",
  ),
  oidcIssuer: issuer(
    "ATLHYPER_OIDC_ISSUER",
    "",
    "provider by which people sign in (OpenID Connect), as it names itself",
  ),
  oidcClientId: text("ATLHYPER_OIDC_CLIENT_ID", "", "what the provider knows this master by"),
  oidcClientSecret: secret("ATLHYPER_OIDC_CLIENT_SECRET", "", "its secret there; none for a public client"),
  oidcScopes: text("ATLHYPER_OIDC_SCOPES", "openid profile email", "what the provider is asked for"),
  oidcName: text("ATLHYPER_OIDC_NAME", "SSO", "what the provider is called on the button"),
  oidcGroupsClaim: text("ATLHYPER_OIDC_GROUPS_CLAIM", "groups", "claim that holds a user's groups"),
  oidcRoles: groupRoles(
    "ATLHYPER_OIDC_ROLES",
    "",
    "roles by group, such as ops=admin;dev=operator@shop;*=viewer; of each tenant the highest counts, who has none is refused",
  ),
  oidcOnly: boolean(
    "ATLHYPER_OIDC_ONLY",
    "false",
    "switch passwords off, but for the first administrator's in an emergency",
  ),
  rules: text(
    "ATLHYPER_RULES",
    "",
    "folder of *.yaml, or a file, with rules of alerts; read again when they change",
  ),
  notifyPrivate: addressesVariable(
    "ATLHYPER_NOTIFY_PRIVATE",
    "",
    "private addresses and ranges that notifications may be sent to, such as 10.0.0.0/8, or all",
  ),
  heartbeatUrl: heartbeatUrl(
    "ATLHYPER_HEARTBEAT_URL",
    "",
    "dead man's switch: address that the master posts to as long as it is well",
  ),
  heartbeatEveryMs: duration("10s", "1d")("ATLHYPER_HEARTBEAT_EVERY", "1m", "how often it does"),
  remoteWriteUrl: remoteUrl(
    "ATLHYPER_REMOTE_WRITE_URL",
    "",
    "store that every value of the metrics is sent to by Prometheus' remote write, such as http://127.0.0.1:9090/api/v1/write",
  ),
  remoteWriteUsername: text("ATLHYPER_REMOTE_WRITE_USERNAME", "", "name to sign in there with"),
  remoteWritePassword: secret("ATLHYPER_REMOTE_WRITE_PASSWORD", "", "its password"),
  remoteWriteBearerToken: secret(
    "ATLHYPER_REMOTE_WRITE_BEARER_TOKEN",
    "",
    "token to sign in there with, instead of name and password",
  ),
  remoteWriteHeaders: remoteHeaders(
    "ATLHYPER_REMOTE_WRITE_HEADERS",
    "",
    "headers to send along, such as X-Scope-OrgID=home; with ; between them",
  ),
  remoteWriteCa: text(
    "ATLHYPER_REMOTE_WRITE_CA",
    "",
    "file with the PEM of the authority that signed its certificate",
  ),
  remoteWriteClusters: clusterNames(
    "ATLHYPER_REMOTE_WRITE_CLUSTERS",
    "",
    "clusters whose values are sent, by name or id, with commas between them; all otherwise",
  ),
  remoteWriteMetrics: metricsPattern(
    "ATLHYPER_REMOTE_WRITE_METRICS",
    "",
    "regular expression of the metrics that are sent, such as atlhyper_node_.+; all otherwise",
  ),
  remoteWriteQueueBytes: bytes(
    "ATLHYPER_REMOTE_WRITE_QUEUE",
    "16Mi",
    "memory for values that wait for the store; what it does not hold is read from the metrics history later",
  ),
  ingestPerMinute: integer(1, 1_000_000_000)(
    "ATLHYPER_INGEST_RATE",
    "600000",
    "messages a minute that one cluster may send",
  ),
  bodyTimeoutMs: duration("100ms", "10m")(
    "ATLHYPER_BODY_TIMEOUT",
    "30s",
    "how long a request may take to send its body",
  ),
  metricsPublic: boolean(
    "ATLHYPER_METRICS_PUBLIC",
    "false",
    "serve /metrics without a token (otherwise: an API token of role viewer, for everywhere)",
  ),
};

export type MasterConfig = ReturnType<typeof readMasterConfig>;

/** The configuration in an environment; throws a ConfigError that names every fault. */
export function readMasterConfig(environment: Environment) {
  return readEnvironment(masterVariables, environment);
}

/** The defaults, with what is given instead; for tests and for a master inside another process. */
export function masterConfig(given: Partial<MasterConfig> = {}): MasterConfig {
  return { ...readMasterConfig({}), ...given };
}
