import type { WebSocketHandler } from "bun";
import { type Problem, ProblemError, problem, problemResponse } from "../../wire/problem.ts";
import { streamRoute } from "../../wire/routes.ts";
import { commandRole } from "../access/command-roles.ts";
import type { ClusterPrincipal, UserPrincipal } from "../access/principal.ts";
import { authorize } from "../ingest/authorize.ts";
import type { MasterParts } from "../parts.ts";
import { requestInfo } from "../requests.ts";
import type { CommandView } from "../../views/command-model.ts";
import { streamCommand } from "./asked.ts";
import { type End, StreamSession } from "./session.ts";

/** Where a browser opens a stream; what it wants stands in the query. */
export const browserStreams = "/streams";

const pairMs = 15_000;
const recheckMs = 15_000;
/** Open at once for one user: somebody with many tabs, and no more. */
const mostOfUser = 20;

type Upgrader = Pick<Bun.Server<End>, "upgrade">;

export interface Streams {
  /** Takes WebSockets that are its own; undefined for all other requests, an answer of null for one it took. */
  upgrade(request: Request, path: string, server: Upgrader): Promise<Response | null> | undefined;
  websocket: WebSocketHandler<End>;
  stop(): void;
}

/**
 * Followed logs and terminals. A browser's socket asks for a command, whose id is the stream's; the agent that
 * fetches it opens the other end. So nobody can attach to somebody else's: the browser's end is there before the id is.
 */
export function createStreams(
  parts: MasterParts,
  times: { pairMs?: number; recheckMs?: number } = {},
): Streams {
  const { access, control, config, events } = parts;
  const sessions = new Map<string, { session: StreamSession; command: CommandView; user: string }>();

  async function fromBrowser(request: Request, server: Upgrader): Promise<Response | null> {
    const user = await access.authenticate(request);
    if (user?.kind !== "user" || user.owes) throw problem(401, "sign in first");
    if (!sameOrigin(request, config.publicUrl))
      throw problem(403, "this stream was asked for from another site");
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket")
      throw problem(422, "this is the address of a WebSocket");
    const open = [...sessions.values()].filter((one) => one.user === user.userID).length;
    if (open >= mostOfUser) throw problem(429, `${mostOfUser} streams are open already: close one`);
    const asked = streamCommand(new URL(request.url).searchParams);
    if (asked.type === "PodExec" && !config.exec)
      throw problem(403, "terminals are switched off for this installation");
    const command = await control.enqueueStream(user, requestInfo(request), asked);
    if (command.state === "proposed") {
      await control.cancel(user, requestInfo(request), command.id);
      throw problem(409, "what needs an approval is opened by no stream");
    }
    const session = begin(request, user, command);
    if (server.upgrade(request, { data: { id: command.id, side: "browser" } })) return null;
    session.end("noAgent");
    throw problem(422, "this is the address of a WebSocket");
  }

  function begin(request: Request, user: UserPrincipal, command: CommandView): StreamSession {
    const { id, type, target, cluster } = command;
    const exec = type === "PodExec";
    // Of the request only what names the viewer is kept.
    const cookie = request.headers.get("cookie") ?? "";
    const viewer = new Request(request.url, { headers: { cookie } });
    const where = { cluster, ...(target.ns ? { namespace: target.ns } : {}) };
    const session = new StreamSession({
      id,
      maxMs: config.execMaxMs,
      idleMs: exec ? config.execIdleMs : Number.POSITIVE_INFINITY,
      pairMs: times.pairMs ?? pairMs,
      recheckMs: times.recheckMs ?? recheckMs,
      async stillAllowed() {
        const now = await access.authenticate(viewer);
        return (
          now?.kind === "user" &&
          now.userID === user.userID &&
          access.may(now, commandRole(type, target, command.args), where)
        );
      },
      ended() {
        sessions.delete(id);
        // What no agent has taken up is taken back; one that runs sees its socket close.
        if (!session.hasAgent)
          void control
            .cancel(user, requestInfo(request), id)
            .catch((error) => error instanceof ProblemError || events.failed("a stream", error));
      },
    });
    sessions.set(id, { session, command, user: user.userID });
    return session;
  }

  async function fromAgent(request: Request, id: string, server: Upgrader): Promise<Response | null> {
    const principal: ClusterPrincipal = await authorize(access, request, undefined);
    const found = sessions.get(id);
    // Another cluster's streams are not there for it.
    if (!found || found.command.cluster !== principal.cluster || found.session.hasAgent)
      throw problem(404, "there is no such stream, or nobody looks any more");
    if (server.upgrade(request, { data: { id, side: "agent" } })) return null;
    throw problem(422, "this is the address of a WebSocket");
  }

  async function answered(request: Request, work: Promise<Response | null>): Promise<Response | null> {
    try {
      return await work;
    } catch (error) {
      let fault: Problem = problem(500).problem;
      if (error instanceof ProblemError) fault = error.problem;
      else events.failed("opening a stream", error);
      return problemResponse({ ...fault, request: requestInfo(request).id });
    }
  }

  return {
    upgrade(request, path, server) {
      if (path === browserStreams) return answered(request, fromBrowser(request, server));
      if (!path.startsWith(streamRoute)) return undefined;
      return answered(request, fromAgent(request, path.slice(streamRoute.length), server));
    },
    websocket: {
      maxPayloadLength: 512 * 1024,
      backpressureLimit: 4 * 2 ** 20,
      closeOnBackpressureLimit: true,
      idleTimeout: 120,
      sendPings: true,
      open(socket) {
        const { id, side } = socket.data;
        const found = sessions.get(id);
        if (!found?.session.attach(side, socket)) socket.close(1008, "gone");
      },
      message(socket, data) {
        const { id, side } = socket.data;
        sessions.get(id)?.session.pass(side, data);
      },
      close(socket) {
        const { id, side } = socket.data;
        sessions.get(id)?.session.end(side === "agent" ? "agentLeft" : "left");
      },
    },
    stop() {
      for (const { session } of [...sessions.values()]) session.end("stopping");
    },
  };
}

/** Browsers always say from which site a WebSocket is opened (RFC 6455, 4.1), and no cookie policy replaces that. */
function sameOrigin(request: Request, publicUrl: string): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  try {
    const { host } = new URL(origin);
    return host === request.headers.get("host") || (publicUrl !== "" && host === new URL(publicUrl).host);
  } catch {
    return false;
  }
}
