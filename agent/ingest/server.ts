import type { NodeMetricsSnapshot } from "../../wire/metrics.ts";
import { type Problem, problem, ProblemError, problemResponse } from "../../wire/problem.ts";
import { maxSentBytes } from "../../wire/limits.ts";
import { probeRoute } from "../../wire/routes.ts";
import type { AgentEvents } from "../events.ts";
import { credentialsOf, tokenCheck } from "./token.ts";

export interface IngestOptions {
  host: string;
  port: number;
  token: string;
  /** Whether the agent does what it is for. */
  ready(): boolean;
  take(snapshot: NodeMetricsSnapshot): void;
  events: AgentEvents;
}

export interface IngestServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Takes the snapshots of the cluster's probes, ours and those of AtlHyper 1.x. Plain Bun.serve: a framework
 * would cost a sixth of the agent's memory for three routes.
 */
export function startIngest(options: IngestOptions): IngestServer {
  const { host, port, events } = options;
  const mayPost = tokenCheck(options.token);

  async function answer(request: Request): Promise<Response> {
    const { token, path } = credentialsOf(request);
    if (path === "/livez") return new Response("ok\n");
    if (path === "/readyz")
      return options.ready() ? new Response("ok\n") : problemResponse(problem(503, "starting").problem);
    // Nothing is told, and nothing of a body is read, before the sender is known.
    if (!mayPost(token)) throw problem(401, "no token, or not the probes' one");
    if (path !== probeRoute) throw problem(404);
    if (request.method !== "POST") throw problem(405, `${probeRoute} takes POST`);
    options.take(await readSnapshot(request));
    events.snapshotReceived();
    return Response.json({ ok: true });
  }

  const server = Bun.serve({
    hostname: host,
    port,
    idleTimeout: 30,
    // What is longer is cut off by the server itself, before it is in memory.
    maxRequestBodySize: maxSentBytes + 1,
    async fetch(request, server) {
      try {
        return await answer(request);
      } catch (error) {
        const fault: Problem = error instanceof ProblemError ? error.problem : problem(500).problem;
        if (fault.status === 500) events.objectFault(String(error));
        else events.probeRefused(fault.status, server.requestIP(request)?.address ?? "unknown");
        return problemResponse(fault);
      }
    },
    error: () => problemResponse(problem(500).problem),
  });
  events.ingestListening(server.port ?? port);
  return { port: server.port ?? port, stop: () => server.stop(true) };
}

/** Schemas and zlib cost 15 MB: an agent that no probe talks to does without them. */
async function readSnapshot(request: Request): Promise<NodeMetricsSnapshot> {
  const [{ parseJson, readBody }, { decode }, { NodeMetricsSnapshot }] = await Promise.all([
    import("../../wire/body.ts"),
    import("../../wire/check.ts"),
    import("../../wire/metrics.ts"),
  ]);
  return decode(NodeMetricsSnapshot, parseJson(await readBody(request)));
}
