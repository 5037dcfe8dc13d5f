import { enrolRoute } from "../wire/routes.ts";
import type { AgentEvents } from "./events.ts";
import { createBackoff, pause } from "./kube/backoff.ts";
import type { KubeClient } from "./kube/client.ts";
import { KubeError } from "./kube/error.ts";
import { detailOf, type LinkOptions, MasterLink } from "./push/link.ts";

/** Where an enrolled agent keeps its token, in its own namespace. */
export const tokenSecret = "atlhyper-agent-token";

/** The master will not enrol this cluster; the message says why, and what to do. */
export class EnrolmentRefused extends Error {}

interface Secret {
  apiVersion: "v1";
  kind: "Secret";
  metadata: { name: string; namespace: string; resourceVersion?: string };
  type?: string;
  data?: Record<string, string>;
}

export interface EnrolOptions {
  client: KubeClient;
  namespace: string;
  /** How the master is reached; its token is the enrolment's, "" where there is none. */
  master: LinkOptions;
  /** What the cluster says it is. */
  clusterId: string;
  events: Pick<AgentEvents, "enrolled" | "enrolmentTrouble">;
  signal: AbortSignal;
  /** Of the waits between attempts; shorter in tests. */
  backoffMs?: number;
}

/**
 * The cluster's token: the one in the Secret, or else what the master gives for the enrolment token, which is
 * stored before it is used, so that a restart needs no enrolment. A newer enrolment than the Secret's is exchanged
 * too; where it cannot be, the stored token goes on. Undefined once the signal aborts; throws EnrolmentRefused.
 */
export async function enrol(options: EnrolOptions): Promise<string | undefined> {
  const { client, events, signal } = options;
  const given = options.master.token;
  const backoff = createBackoff(options.backoffMs ?? 1000, (options.backoffMs ?? 1000) * 30);
  while (!signal.aborted) {
    try {
      const secret = await read(client, options.namespace, signal);
      const stored = textIn(secret, "token");
      const mark = markOf(given);
      if (stored !== undefined && (given === "" || textIn(secret, "enrolment") === mark)) return stored;
      if (given === "")
        throw new EnrolmentRefused(
          `there is no token in the Secret ${options.namespace}/${tokenSecret} and no ATLHYPER_ENROL_TOKEN: enrol this cluster on the master's page Clusters`,
        );
      const token = await exchange(options).catch((error: unknown) => {
        if (error instanceof EnrolmentRefused && stored !== undefined) return stored;
        throw error;
      });
      await write(options, secret, { token, enrolment: mark });
      events.enrolled(options.namespace, tokenSecret);
      return token;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof EnrolmentRefused) throw error;
      events.enrolmentTrouble((error as Error).message);
      await pause(backoff.next(error instanceof KubeError ? error.retryAfterMs : 0), signal);
    }
  }
  return undefined;
}

/** Tells one enrolment from another without keeping its token. */
function markOf(enrolment: string): string {
  return new Bun.CryptoHasher("sha256").update(enrolment).digest("hex").slice(0, 32);
}

function textIn(secret: Secret | undefined, key: string): string | undefined {
  const value = secret?.data?.[key];
  return value ? Buffer.from(value, "base64").toString() : undefined;
}

const secretsOf = (namespace: string) => `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;

async function read(client: KubeClient, namespace: string, signal: AbortSignal): Promise<Secret | undefined> {
  try {
    return await client.json<Secret>("GET", `${secretsOf(namespace)}/${tokenSecret}`, { signal });
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

/** Replaces the Secret as it was read; a change in between is a conflict, after which all begins again. */
async function write(
  { client, namespace, signal }: EnrolOptions,
  before: Secret | undefined,
  values: Record<string, string>,
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  const metadata = { name: tokenSecret, namespace };
  const fresh: Secret = { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque" };
  const body: Secret = { ...(before ?? fresh), data: { ...before?.data, ...data } };
  if (before) await client.json("PUT", `${secretsOf(namespace)}/${tokenSecret}`, { body, signal });
  else await client.json("POST", secretsOf(namespace), { body, signal });
}

async function exchange({ master, clusterId, signal }: EnrolOptions): Promise<string> {
  const link = new MasterLink(master);
  try {
    const answer = await link.post(enrolRoute, JSON.stringify({ clusterID: clusterId }), signal);
    const { token } = (answer.body ?? {}) as { token?: unknown };
    if (answer.status === 200 && typeof token === "string" && token !== "") return token;
    const why = detailOf(answer) || `the master answered ${answer.status}`;
    if ([401, 403, 404, 409, 410, 422].includes(answer.status)) throw new EnrolmentRefused(why);
    throw new Error(why);
  } finally {
    link.close();
  }
}
