import { readFile } from "node:fs/promises";
import type { Credentials, KubeAccess, TlsOptions } from "./access.ts";
import { authProviderHeaders } from "./auth-provider.ts";
import { KubeError } from "./error.ts";
import { type ExecCredential, runExecPlugin } from "./exec-plugin.ts";
import { type ClusterEntry, chooseContext, type Kubeconfig, type UserEntry } from "./kubeconfig.ts";

/** Token and certificate files are replaced under running programs; kubectl rereads them each minute too. */
const rereadMs = 60_000;
/** A plugin's token is renewed a little before it runs out. */
const earlyMs = 60_000;

export function kubeconfigAccess(
  config: Kubeconfig,
  wanted: string | undefined,
  environment: Record<string, string | undefined>,
): KubeAccess {
  const { name, namespace, cluster, user } = chooseContext(config, wanted);
  let known: { credentials: Credentials; untilMs: number } | undefined;
  let asking: Promise<Credentials> | undefined;

  const ask = async (): Promise<Credentials> => {
    const plugin = user.exec ? await runExecPlugin(user.exec, cluster, environment) : undefined;
    const credentials: Credentials = {
      headers: { ...impersonation(user), ...(await authorization(cluster, user, plugin)) },
      tls: await tlsOf(cluster, user, plugin),
    };
    known = { credentials, untilMs: validUntil(user, plugin) };
    return credentials;
  };

  return {
    found: true,
    from: "kubeconfig",
    context: name,
    server: cluster.server!.replace(/\/+$/, ""),
    namespace,
    proxy: cluster["proxy-url"] || undefined,
    credentials() {
      if (known !== undefined && Date.now() < known.untilMs) return Promise.resolve(known.credentials);
      // Many informers ask at once: the plugin runs once for all of them.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    forget() {
      known = undefined;
    },
  };
}

function validUntil(user: UserEntry, plugin: ExecCredential | undefined): number {
  if (plugin) {
    if (plugin.expiresAtMs === undefined) return Number.POSITIVE_INFINITY;
    // Not before a few seconds, or a plugin with a wrong clock would run for every request.
    return Math.max(plugin.expiresAtMs - earlyMs, Date.now() + 5_000);
  }
  const files = user.tokenFile || user["client-certificate"] || user["auth-provider"];
  return files ? Date.now() + rereadMs : Number.POSITIVE_INFINITY;
}

function impersonation(user: UserEntry): Record<string, string> {
  const headers: Record<string, string> = {};
  if (user.as) headers["impersonate-user"] = user.as;
  if (user["as-uid"]) headers["impersonate-uid"] = user["as-uid"];
  // One header line per group; fetch joins them with commas, which the server would take for one group's name.
  const groups = user["as-groups"] ?? [];
  if (groups.length > 1)
    throw new KubeError(0, "Credentials", "the kubeconfig impersonates several groups; one is possible here");
  if (groups[0]) headers["impersonate-group"] = groups[0];
  return headers;
}

async function authorization(
  cluster: ClusterEntry,
  user: UserEntry,
  plugin: ExecCredential | undefined,
): Promise<Record<string, string>> {
  if (plugin?.token) return { authorization: `Bearer ${plugin.token}` };
  if (user.tokenFile) return { authorization: `Bearer ${(await readText(user.tokenFile, "token")).trim()}` };
  if (user.token) return { authorization: `Bearer ${user.token}` };
  if (user.username)
    return {
      authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`,
    };
  if (user["auth-provider"]) return authProviderHeaders(cluster, user);
  return {};
}

async function tlsOf(
  cluster: ClusterEntry,
  user: UserEntry,
  plugin: ExecCredential | undefined,
): Promise<TlsOptions> {
  const tls: TlsOptions = {};
  const ca = await dataOrFile(
    cluster["certificate-authority-data"],
    cluster["certificate-authority"],
    "certificate authority",
  );
  if (ca) tls.ca = ca;
  tls.cert =
    plugin?.cert ??
    (await dataOrFile(user["client-certificate-data"], user["client-certificate"], "client certificate"));
  tls.key = plugin?.key ?? (await dataOrFile(user["client-key-data"], user["client-key"], "client key"));
  if (tls.cert === undefined) delete tls.cert;
  if (tls.key === undefined) delete tls.key;
  if (cluster["insecure-skip-tls-verify"]) tls.rejectUnauthorized = false;
  if (cluster["tls-server-name"]) tls.serverName = cluster["tls-server-name"];
  return tls;
}

/** As in kubectl the data has precedence over the file. */
async function dataOrFile(
  data: string | undefined,
  file: string | undefined,
  what: string,
): Promise<string | undefined> {
  if (data) return Buffer.from(data, "base64").toString("utf8");
  return file ? readText(file, what) : undefined;
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new KubeError(0, "Credentials", `the ${what} cannot be read: ${(error as Error).message}`);
  }
}
