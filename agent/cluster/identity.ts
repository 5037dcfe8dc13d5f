import { createBackoff, pause } from "../kube/backoff.ts";
import type { KubeClient } from "../kube/client.ts";
import { KubeError } from "../kube/error.ts";

export interface Identity {
  id: string;
  kubernetesVersion: string | undefined;
}

/**
 * Who the cluster is: the UID of its kube-system namespace, which lives as long as the cluster does. Asked
 * until it is known, or the signal aborts (undefined). Where it may not be read, the address stands in for it.
 */
export async function identify(
  client: KubeClient,
  givenId: string,
  signal: AbortSignal,
  onTrouble: (message: string) => void,
): Promise<Identity | undefined> {
  const backoff = createBackoff(500, 15_000);
  while (!signal.aborted) {
    try {
      const version = await client.json<{ gitVersion?: string }>("GET", "/version", { signal });
      const id = givenId || (await kubeSystemUid(client, signal));
      return { id, kubernetesVersion: version.gitVersion };
    } catch (error) {
      if (signal.aborted) return undefined;
      onTrouble((error as Error).message);
      // With an id of its own the agent can tell its master that the API server is away.
      if (givenId && backoff.failures > 0) return { id: givenId, kubernetesVersion: undefined };
      await pause(backoff.next(), signal);
    }
  }
  return undefined;
}

async function kubeSystemUid(client: KubeClient, signal: AbortSignal): Promise<string> {
  try {
    const path = "/api/v1/namespaces/kube-system";
    const namespace = await client.json<{ metadata: { uid: string } }>("GET", path, { signal });
    return namespace.metadata.uid;
  } catch (error) {
    if (!(error instanceof KubeError) || (error.status !== 403 && error.status !== 404)) throw error;
    return `cluster-${hash(client.access.server)}`;
  }
}

/** 16 hexadecimal digits that stand for a text. */
export const hash = (text: string): string => Bun.hash(text).toString(16).padStart(16, "0");
