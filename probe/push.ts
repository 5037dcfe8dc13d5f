import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { probeRoute } from "../wire/routes.ts";
import { version, versionHeader } from "../wire/version.ts";
import type { Address } from "./address.ts";
import type { Host } from "./host.ts";
import { createHttpClient } from "./http.ts";

/** Brings a snapshot to the agent. Rejects, with a reason for people, when it did not get there. */
export interface Deliver {
  (snapshot: NodeMetricsSnapshot): Promise<void>;
  close?(): void;
}

/** The agent does not accept this probe's token: trying again soon would only fill its log. */
export class Refused extends Error {}

const timeoutMs = 10_000;

export interface PushTarget {
  agent: Address;
  token: string;
}

/** Posts each snapshot to the agent, gzipped, over one connection. */
export function createPush(host: Host, { agent, token }: PushTarget, patienceMs = timeoutMs): Deliver {
  const client = createHttpClient(host, agent, patienceMs);
  const headers = {
    ...(token !== "" && { Authorization: `Bearer ${token}` }),
    "Content-Type": "application/json",
    "Content-Encoding": "gzip",
    [versionHeader]: version,
  };

  const deliver: Deliver = async (snapshot) => {
    const status = await client.post(probeRoute, headers, host.gzip(JSON.stringify(snapshot)));
    if (status === 401 || status === 403)
      throw new Refused(
        `the agent at ${agent.authority} does not accept this probe's token (${status}): is ATLHYPER_PROBE_TOKEN the same in both?`,
      );
    if (status < 200 || status > 299) throw new Error(`the agent at ${agent.authority} answered ${status}`);
  };
  deliver.close = client.close;
  return deliver;
}
