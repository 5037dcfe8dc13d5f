import type { KubeConfig } from "@kubernetes/client-node";
import { KubeError } from "./error.ts";
import type { ClusterEntry, UserEntry } from "./kubeconfig.ts";

/** Kept, as a provider remembers in it what it refreshed: a refresh token may be good for one use only. */
const configs = new WeakMap<UserEntry, KubeConfig>();

async function configOf(cluster: ClusterEntry, user: UserEntry): Promise<KubeConfig> {
  const known = configs.get(user);
  if (known) return known;
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "cluster", server: cluster.server ?? "", skipTLSVerify: false },
    { name: "user", authProvider: user["auth-provider"] },
  );
  configs.set(user, config);
  return config;
}

/**
 * The old auth-provider entries (oidc, gcp, azure) by Kubernetes' own JavaScript client. Importing it costs some
 * 50 MB of memory, so it is loaded only for a kubeconfig that has one.
 */
export async function authProviderHeaders(
  cluster: ClusterEntry,
  user: UserEntry,
): Promise<Record<string, string>> {
  const config = await configOf(cluster, user);
  const provider = user["auth-provider"];
  const options: { headers?: Record<string, unknown> } = {};
  try {
    await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0]);
  } catch (error) {
    const name = provider?.name ?? "without a name";
    throw new KubeError(0, "Credentials", `the auth provider ${name} failed: ${(error as Error).message}`);
  }
  const authorization = options.headers?.Authorization;
  if (typeof authorization !== "string")
    throw new KubeError(0, "Credentials", `the auth provider ${provider?.name ?? ""} gave no token`);
  return { authorization };
}
