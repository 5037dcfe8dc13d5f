import { readFileSync } from "node:fs";
import { ConfigError, variable } from "../../../kit/env.ts";

/** Where every sample is sent to, and what goes along. */
export interface RemoteWriteSettings {
  url: string;
  /** What each request carries besides the protocol's own: credentials among them. */
  headers: Record<string, string>;
  /** What must never be shown, wherever it turns up. */
  secrets: string[];
  /** Names or ids of the clusters whose samples are sent; all where there is none. */
  clusters: ReadonlySet<string>;
  /** Which metrics are sent; without it, all. */
  metrics?: RegExp;
  /** PEM of the authority that signed the store's certificate. */
  ca?: string;
  queueBytes: number;
}

/** Without what it might hold as a secret in its path or query. */
export const shownUrl = (url: string): string => new URL(url).origin;

const own = ["content-encoding", "content-type", "content-length", "host", "user-agent", "transfer-encoding"];

/** Secret, since stores exist that tell who it is by the address. */
export const remoteUrl = variable((value) => {
  if (value === "") return "";
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error("must be an address of http or https, such as http://127.0.0.1:9090/api/v1/write");
  if (url.username !== "" || url.password !== "")
    throw new Error(
      "must not carry a user name or password: ATLHYPER_REMOTE_WRITE_USERNAME and ATLHYPER_REMOTE_WRITE_PASSWORD are for that",
    );
  return value;
}, true);

/** `Name=value; Name=value`, since values may hold commas and equals signs. */
export const remoteHeaders = variable((value): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const one of value.split(";").map((part) => part.trim())) {
    if (one === "") continue;
    const at = one.indexOf("=");
    const name = one.slice(0, at).trim();
    const text = one.slice(at + 1).trim();
    if (at < 1 || !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\x20-\x7e]/.test(text))
      throw new Error("must be name=value with ; between them, such as X-Scope-OrgID=home");
    if (own.includes(name.toLowerCase()) || name.toLowerCase().startsWith("x-prometheus-remote-write"))
      throw new Error(`must not set ${name}, which the protocol does`);
    found[name] = text;
  }
  return found;
}, true);

/** A regular expression of whole names, as everywhere in Prometheus. */
export const metricsPattern = variable((value): RegExp | undefined => {
  if (value === "") return undefined;
  try {
    return new RegExp(`^(?:${value})$`);
  } catch {
    throw new Error("must be a regular expression of metrics' names, such as atlhyper_(node|cluster)_.+");
  }
});

/** Names may hold spaces, so only commas are between them. */
export const clusterNames = variable((value) =>
  value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== ""),
);

/** Undefined where nothing is to be sent; throws a ConfigError where it is configured by half. */
export function remoteWriteSettings(config: {
  remoteWriteUrl: string;
  remoteWriteUsername: string;
  remoteWritePassword: string;
  remoteWriteBearerToken: string;
  remoteWriteHeaders: Record<string, string>;
  remoteWriteClusters: string[];
  remoteWriteMetrics: RegExp | undefined;
  remoteWriteCa: string;
  remoteWriteQueueBytes: number;
}): RemoteWriteSettings | undefined {
  const {
    remoteWriteUrl: url,
    remoteWriteUsername: username,
    remoteWritePassword: password,
    remoteWriteBearerToken: token,
    remoteWriteHeaders: given,
  } = config;
  const faults: string[] = [];
  if (url === "") {
    if (username !== "" || password !== "" || token !== "" || Object.keys(given).length > 0)
      throw new ConfigError(["ATLHYPER_REMOTE_WRITE_URL is not set: the store's address is needed"]);
    return undefined;
  }
  if (password !== "" && username === "") faults.push("ATLHYPER_REMOTE_WRITE_USERNAME is not set");
  const named = Object.keys(given).some((name) => name.toLowerCase() === "authorization");
  if ([username !== "", token !== "", named].filter(Boolean).length > 1)
    faults.push(
      "ATLHYPER_REMOTE_WRITE_USERNAME, ATLHYPER_REMOTE_WRITE_BEARER_TOKEN and Authorization in ATLHYPER_REMOTE_WRITE_HEADERS exclude each other",
    );
  if (/[^\x21-\x7e]/.test(token))
    faults.push("ATLHYPER_REMOTE_WRITE_BEARER_TOKEN must be of visible ASCII characters");
  const ca = config.remoteWriteCa === "" ? undefined : readAuthority(config.remoteWriteCa, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  const authorization = token !== "" ? `Bearer ${token}` : username !== "" ? `Basic ${basic}` : undefined;
  const { pathname, search } = new URL(url);
  return {
    url,
    headers: { ...given, ...(authorization ? { authorization } : {}) },
    secrets: [password, token, basic, ...Object.values(given), search, pathname].filter(
      (one) => one.length > 3,
    ),
    clusters: new Set(config.remoteWriteClusters),
    ...(config.remoteWriteMetrics ? { metrics: config.remoteWriteMetrics } : {}),
    ...(ca === undefined ? {} : { ca }),
    queueBytes: config.remoteWriteQueueBytes,
  };
}

function readAuthority(path: string, faults: string[]): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
    faults.push(`ATLHYPER_REMOTE_WRITE_CA: ${path} holds no certificate in PEM`);
  } catch (error) {
    faults.push(
      `ATLHYPER_REMOTE_WRITE_CA: ${path} cannot be read (${(error as { code?: string }).code ?? "error"})`,
    );
  }
  return undefined;
}
