import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubeAccess, NoKubernetes } from "./access.ts";
import { inClusterAccess } from "./in-cluster.ts";
import { type Kubeconfig, KubeconfigError, mergeKubeconfigs } from "./kubeconfig.ts";
import { kubeconfigAccess } from "./kubeconfig-access.ts";

export interface FindOptions {
  environment: Record<string, string | undefined>;
  /** `--context`; the kubeconfig's current one otherwise. */
  context?: string;
  home?: string;
  serviceAccountFolder?: string;
}

/**
 * The way into a cluster, looked for as kubectl does: `KUBECONFIG` (several paths), `~/.kube/config`, then the
 * pod's service account. Having none is an answer; a KubeconfigError is for what is there and wrong.
 */
export async function findKubernetes(options: FindOptions): Promise<KubeAccess | NoKubernetes> {
  const { environment, context } = options;
  const looked: string[] = [];
  const config = await readKubeconfigs(environment, options.home ?? homedir(), looked);
  // kubectl too takes an empty file (KUBECONFIG=/dev/null) for none.
  if (config !== undefined && (config.contexts.size > 0 || context !== undefined))
    return kubeconfigAccess(config, context, environment);
  if (config !== undefined) looked.push("the kubeconfig has no contexts");
  if (context !== undefined)
    throw new KubeconfigError(
      `there is no kubeconfig to take the context ${context} from: ${looked.join("; ")}`,
    );
  const inCluster = await inClusterAccess(environment, options.serviceAccountFolder);
  if (inCluster !== undefined) return inCluster;
  looked.push("this is no pod of a cluster");
  return { found: false, looked };
}

async function readKubeconfigs(
  environment: Record<string, string | undefined>,
  home: string,
  looked: string[],
): Promise<Kubeconfig | undefined> {
  const named = (environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const paths = named.length > 0 ? named : [join(home, ".kube", "config")];
  if (named.length === 0) looked.push("KUBECONFIG is not set");
  const files: { path: string; text: string }[] = [];
  for (const path of paths) {
    try {
      files.push({ path, text: await readFile(path, "utf8") });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== "ENOENT" && code !== "ENOTDIR")
        throw new KubeconfigError(`${path} cannot be read: ${(error as Error).message}`);
      looked.push(`${path} does not exist`);
    }
  }
  // A KUBECONFIG that leads nowhere is a slip of the pen, and not the wish for no cluster.
  if (files.length === 0 && named.length > 0) throw new KubeconfigError(`KUBECONFIG: ${looked.join("; ")}`);
  if (files.length === 0) return undefined;
  const config = mergeKubeconfigs(files);
  if (config.contexts.size === 0 && named.length === 0) {
    looked.push(`${files[0]!.path} has no contexts`);
    return undefined;
  }
  return config;
}
