import { trustedProxies } from "../trusted-proxies.ts";
import { startTestMaster, type TestCluster, type TestMaster } from "../harness.ts";

/** What a receiver of a test got. */
export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  json(): Record<string, never>;
}

/** A real HTTP server that keeps what it is sent; `answer` may say something else than 200. */
export function startReceiver(
  answer: (one: Received) => Response | Promise<Response> = () => new Response("ok"),
) {
  const received: Received[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = await request.text();
      const one = {
        path: new URL(request.url).pathname,
        headers: Object.fromEntries(request.headers),
        body,
        json: () => JSON.parse(body),
      };
      received.push(one);
      return answer(one);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    received,
    /** Waits until it got so many. */
    async got(count: number, withinMs = 8000): Promise<Received[]> {
      const until = Date.now() + withinMs;
      while (received.length < count && Date.now() < until) await Bun.sleep(20);
      if (received.length < count)
        throw new Error(`${received.length} of ${count} came within ${withinMs} ms`);
      return received;
    },
    stop: () => server.stop(true),
  };
}

/** A master that may send to this machine, with a cluster that tells what it has. */
export async function startAlertMaster(
  more: Parameters<typeof startTestMaster>[0] = {},
  deps: Parameters<typeof startTestMaster>[1] = {},
) {
  const master = await startTestMaster({ notifyPrivate: trustedProxies(["127.0.0.1"]), ...more }, deps);
  const cluster = await master.addCluster("prod");
  await tellAll(cluster);
  const admin = await master.apiToken("admin");
  return { master, cluster, ask: asking(master, admin) };
}

/** Whole lists, so that rules are judged at once. */
export async function tellAll(cluster: TestCluster): Promise<void> {
  await cluster.push("/ingest/nodelist", "node_list_snapshot", {
    nodes: [{ summary: { name: "n1", ready: "True" } }],
  });
  await cluster.push("/ingest/podlist", "pod_list_snapshot", { pods: [] });
  await cluster.push("/ingest/joblist", "job_list_snapshot", { jobs: [] });
}

export function asking(master: Pick<TestMaster, "url">, token: string) {
  return async (path: string, body?: unknown) => {
    const response = await fetch(master.url + path, {
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    return { status: response.status, text, body: text ? JSON.parse(text) : undefined };
  };
}

/** A diagnosed occurrence, or its end. */
export async function diagnose(cluster: TestCluster, name: string, more: Record<string, unknown> = {}) {
  const { status } = await cluster.push("/ingest/events/v1/eventlog", "events", {
    events: [
      {
        id: `e-${name}`,
        ts_ms: Date.now(),
        first_ts_ms: Date.now() - 3_600_000,
        kind: "Pod",
        namespace: "shop",
        name,
        reason: "CrashLoopBackOff",
        message: `container ${name} exited`,
        severity: "warning",
        origin: "diagnosis",
        ...more,
      },
    ],
  });
  if (status >= 300) throw new Error(`the event was answered with ${status}`);
}

/** The next last Sunday of a month, on which Europe's clocks change in March and in October. */
export function nextChangeOfClocks(month: 3 | 10): Temporal.PlainDate {
  const today = Temporal.Now.plainDateISO("UTC");
  const last = Temporal.PlainDate.from({ year: today.year + (month <= today.month ? 1 : 0), month, day: 31 });
  return last.subtract({ days: last.dayOfWeek % 7 });
}

/** A channel that tells at once. */
export const atOnce = {
  enabled: true,
  severities: [],
  matchers: [],
  groupBy: ["cluster", "namespace"],
  groupWaitMs: 0,
  groupIntervalMs: 1000,
  repeatMs: 3_600_000,
  sendResolved: true,
};
