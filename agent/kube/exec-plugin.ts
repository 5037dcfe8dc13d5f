import { KubeError } from "./error.ts";
import type { ClusterEntry, ExecEntry } from "./kubeconfig.ts";

/** What a credential plugin gave; see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecCredential {
  token?: string;
  cert?: string;
  key?: string;
  /** Epoch milliseconds; undefined: good until the server says 401. */
  expiresAtMs: number | undefined;
}

const timeoutMs = 60_000;
const mostOutput = 2 ** 20;

/**
 * Runs the plugin (aws, gke-gcloud-auth-plugin, kubelogin, …) without a shell and without a terminal, as an agent
 * has nobody to ask. Throws a KubeError "Credentials" with what the plugin wrote to standard error.
 */
export async function runExecPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  environment: Record<string, string | undefined>,
): Promise<ExecCredential> {
  const command = exec.command;
  if (!command) throw fault("the kubeconfig's exec plugin has no command");
  const apiVersion = exec.apiVersion ?? "client.authentication.k8s.io/v1";
  const info = {
    apiVersion,
    kind: "ExecCredential",
    spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const env: Record<string, string | undefined> = { ...environment };
  for (const { name, value } of exec.env ?? []) env[name] = value;
  env.KUBERNETES_EXEC_INFO = JSON.stringify(info);

  let run: Bun.Subprocess<"ignore", "pipe", "pipe">;
  try {
    run = Bun.spawn([command, ...(exec.args ?? [])], {
      env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      timeout: timeoutMs,
      maxBuffer: mostOutput,
    });
  } catch (error) {
    const hint = exec.installHint ? `. ${exec.installHint.trim()}` : "";
    throw fault(`the exec plugin ${command} does not start: ${(error as Error).message}${hint}`);
  }
  const [output, complaint, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ]);
  if (code !== 0)
    throw fault(`the exec plugin ${command} failed (${code}): ${complaint.trim().slice(0, 500)}`);
  return parseExecCredential(output, command);
}

function parseExecCredential(output: string, command: string): ExecCredential {
  let status: Record<string, unknown> | undefined;
  try {
    status = (JSON.parse(output) as { status?: Record<string, unknown> } | null)?.status;
  } catch {
    throw fault(`the exec plugin ${command} answered with something that is no JSON`);
  }
  const text = (field: string) =>
    typeof status?.[field] === "string" ? (status[field] as string) : undefined;
  const token = text("token") || undefined;
  const cert = text("clientCertificateData") || undefined;
  const key = text("clientKeyData") || undefined;
  if (token === undefined && (cert === undefined || key === undefined))
    throw fault(`the exec plugin ${command} gave neither a token nor a client certificate`);
  const expires = Date.parse(text("expirationTimestamp") ?? "");
  return { token, cert, key, expiresAtMs: Number.isNaN(expires) ? undefined : expires };
}

function clusterInfo(cluster: ClusterEntry) {
  return {
    server: cluster.server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
    "certificate-authority-data": cluster["certificate-authority-data"],
    "proxy-url": cluster["proxy-url"],
  };
}

function fault(message: string): KubeError {
  return new KubeError(0, "Credentials", message);
}
