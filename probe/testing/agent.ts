import type { Server } from "bun";
import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { type Address, parseAddress } from "../address.ts";

export interface Arrival {
  path: string;
  headers: Headers;
  snapshot: NodeMetricsSnapshot;
  /** The client's port: the same for requests on one connection. */
  port: number;
}

/** What an agent may be like. `answer` may wait, fail, or refuse. */
export interface FakeAgent extends AsyncDisposable {
  address: Address;
  arrivals: Arrival[];
  answer: (arrival: Arrival) => Response | Promise<Response>;
  /** Resolves when so many have arrived. */
  arrived(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real HTTP server in the agent's place. */
export function fakeAgent(port = 0): FakeAgent {
  const arrivals: Arrival[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server: Server<undefined> = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request, own) {
      const body = Bun.gunzipSync(await request.arrayBuffer());
      const arrival: Arrival = {
        path: new URL(request.url).pathname,
        headers: request.headers,
        snapshot: JSON.parse(new TextDecoder().decode(body)),
        port: own.requestIP(request)!.port,
      };
      arrivals.push(arrival);
      for (const one of waiting) if (arrivals.length >= one.count) one.resolve();
      return agent.answer(arrival);
    },
  });
  const stop = () => server.stop(true);
  const agent: FakeAgent = {
    address: parseAddress(`http://127.0.0.1:${server.port}`),
    arrivals,
    answer: () => Response.json({ ok: true }),
    arrived: (count) =>
      arrivals.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    stop,
    [Symbol.asyncDispose]: stop,
  };
  return agent;
}
