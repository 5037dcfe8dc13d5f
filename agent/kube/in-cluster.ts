import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeAccess } from "./access.ts";
import { KubeError } from "./error.ts";

export const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The kubelet renews a projected token well before it expires; client-go rereads it each minute as well. */
const rereadMs = 60_000;

/** Access as the pod's service account, or undefined where this is no pod. */
export async function inClusterAccess(
  environment: Record<string, string | undefined>,
  folder: string = serviceAccountFolder,
): Promise<KubeAccess | undefined> {
  const host = environment.KUBERNETES_SERVICE_HOST;
  const port = environment.KUBERNETES_SERVICE_PORT;
  if (!host || !port || !(await Bun.file(join(folder, "token")).exists())) return undefined;
  const namespace = await readFile(join(folder, "namespace"), "utf8").catch(() => "");
  let known: { token: string; ca: string; readAtMs: number } | undefined;

  const read = async () => {
    if (known && Date.now() - known.readAtMs < rereadMs) return known;
    try {
      const [token, ca] = await Promise.all([
        readFile(join(folder, "token"), "utf8"),
        readFile(join(folder, "ca.crt"), "utf8"),
      ]);
      known = { token: token.trim(), ca, readAtMs: Date.now() };
    } catch (error) {
      // In the middle of a rotation the last token is still good.
      if (known === undefined)
        throw new KubeError(
          0,
          "Credentials",
          `the service account cannot be read: ${(error as Error).message}`,
        );
    }
    return known!;
  };

  return {
    found: true,
    from: "in-cluster",
    context: "in-cluster",
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    namespace: namespace.trim() || undefined,
    proxy: undefined,
    async credentials() {
      const { token, ca } = await read();
      return { headers: { authorization: `Bearer ${token}` }, tls: { ca } };
    },
    forget() {
      if (known) known.readAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}
