import type { AnyElysia } from "elysia";
import { redact } from "../kit/log.ts";
import { maxSentBytes } from "../wire/limits.ts";
import { type Problem, problem, problemResponse } from "../wire/problem.ts";
import { type Listener, listen } from "./listen.ts";
import { agentHeaders, secureHeaders } from "./headers.ts";
import type { MasterParts } from "./parts.ts";
import type { Streams } from "./streams/streams.ts";
import { registerRequest } from "./requests.ts";

/** Of any body that is no agent's. */
const maxFormBytes = 256 * 1024;

/** Answers a request that it is responsible for, by its path; undefined for all others. */
export type RawHandler = (request: Request, path: string) => Promise<Response> | undefined;

/**
 * The one HTTP server. What agents send goes straight to `ingest`, before Elysia: its routing and context
 * cost more than a small message's whole handling. Everything else is Elysia's.
 */
export function serve(
  parts: MasterParts,
  app: AnyElysia,
  ingest: RawHandler,
  streams: Streams,
  certificateEveryMs?: number,
): Listener {
  const { config, events } = parts;
  const options = {
    // Above what any route takes, so that each can say which limit it was.
    maxRequestBodySize: 4 * maxSentBytes,
    // Seconds without a byte in either direction; streams lift it for themselves.
    idleTimeout: 30,
    async fetch(request: Request, server: Bun.Server<never>) {
      const start = performance.now();
      const path = pathOf(request.url);
      const info = registerRequest(request, server.requestIP(request)?.address ?? "", config.trustedProxies);
      let response: Response;
      const upgraded = streams.upgrade(request, path, server as never);
      if (upgraded) {
        const refused = await upgraded;
        // The socket is the answer.
        if (refused === null) return undefined;
        secureHeaders(refused.headers, info.secure);
        events.answered("stream", request.method, path, refused.status, 0, info.id);
        return refused;
      }
      const taken = ingest(request, path);
      if (taken) {
        response = await taken;
      } else {
        const fault = bodyFault(request);
        response = fault ? problemResponse({ ...fault, request: info.id }) : await app.fetch(request);
        if (!response.headers.has("x-request-id")) response.headers.set("x-request-id", info.id);
      }
      const { status } = response;
      if (taken && (status === 200 || status === 304)) agentHeaders(response.headers);
      else secureHeaders(response.headers, info.secure);
      const seconds = (performance.now() - start) / 1000;
      events.answered(
        areaOf(path, taken !== undefined),
        request.method,
        // Such a path carries a token.
        /^\/(t|enrol)\//.test(path) ? redact(path) : path,
        status,
        seconds,
        info.id,
      );
      return response;
    },
    websocket: streams.websocket,
    error(error: unknown) {
      events.failed("answering", error);
      return problemResponse(problem(500).problem);
    },
  };
  return listen(
    options,
    config,
    events,
    (server) => {
      app.server = server as unknown as typeof app.server;
    },
    certificateEveryMs,
  );
}

/** Forms are small and tell their length; nothing else has a body that would be read whole. */
function bodyFault(request: Request): Problem | undefined {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  if (Number(request.headers.get("content-length") ?? 0) > maxFormBytes)
    return problem(413, `the body is larger than ${maxFormBytes} bytes`).problem;
  return request.headers.has("transfer-encoding")
    ? problem(411, "the body's length is needed").problem
    : undefined;
}

function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  if (start < 0) return "/";
  const query = url.indexOf("?", start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}

function areaOf(path: string, ingest: boolean): string {
  if (ingest) return "ingest";
  if (path.startsWith("/api/") || path.startsWith("/prometheus/")) return "api";
  if (path.startsWith("/assets/")) return "asset";
  return "page";
}
