import { KubeClient } from "../../agent/kube/client.ts";
import { findKubernetes } from "../../agent/kube/find.ts";
import type { KubeObject } from "../../agent/kube/object.ts";
import { type Resource, resourcePath } from "../../agent/kube/resource.ts";
import { watchOnce } from "../../agent/kube/watch.ts";

/** What the API server itself told of objects, change by change, from a moment on: a watch skips none. */
export interface Observer extends AsyncDisposable {
  readonly events: { type: "ADDED" | "MODIFIED" | "DELETED"; object: KubeObject }[];
  /** Waits until everything that was written before this call has been told. */
  caughtUp(): Promise<void>;
}

export async function kubeClient(kubeconfig: string): Promise<KubeClient> {
  const access = await findKubernetes({ environment: { KUBECONFIG: kubeconfig } });
  if (!access.found) throw new Error("no Kubernetes in the kubeconfig");
  return new KubeClient(access);
}

export async function observe(client: KubeClient, resource: Resource, namespace: string): Promise<Observer> {
  const path = resourcePath(resource, namespace);
  const list = () =>
    client.json<{ metadata: { resourceVersion: string } }>("GET", path, { query: { limit: 1 } });
  let version = (await list()).metadata.resourceVersion;
  const events: Observer["events"] = [];
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted)
      await watchOnce({
        client,
        path,
        query: { watch: true, resourceVersion: version, allowWatchBookmarks: true, timeoutSeconds: 1800 },
        signal: stopping.signal,
        silenceMs: 600_000,
        onOpen() {},
        onEvent(event) {
          version = event.object.metadata.resourceVersion ?? version;
          if (event.type !== "BOOKMARK") events.push(event);
        },
      });
  })().catch((error) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    events,
    async caughtUp() {
      const { resourceVersion } = (await list()).metadata;
      // Versions of one etcd are numbers that grow; the list's is that of the whole store.
      for (let n = 0; n < 100 && BigInt(version) < BigInt(resourceVersion); n++) {
        if (n > 20) {
          // Nothing of this kind changed since: quiet is as good.
          const before = events.length;
          await Bun.sleep(500);
          if (events.length === before) return;
        }
        await Bun.sleep(50);
      }
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
    },
  };
}
