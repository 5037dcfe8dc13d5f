import { parseJson, readBody } from "../../wire/body.ts";
import { decode } from "../../wire/check.ts";
import { AckRequest, EnqueueRequest, ProgressRequest, WatchRequest } from "../../wire/control.ts";
import { type Problem, ProblemError, problem, problemResponse } from "../../wire/problem.ts";
import { ackRoute, enqueueRoute, legacyControlRoutes, progressRoute, watchRoute } from "../../wire/routes.ts";
import type { ClusterPrincipal, Principal } from "../access/principal.ts";
import { databaseFault } from "../database/errors.ts";
import { authorize } from "../ingest/authorize.ts";
import { Rate } from "../ingest/rate.ts";
import type { MasterParts } from "../parts.ts";
import { requestInfo } from "../requests.ts";
import { tidyAfterBomb } from "../tidy.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { Control, NewCommand } from "./control.ts";
import type { CommandView } from "../../views/command-model.ts";

const longestWaitMs = 60_000;
/** Polls, acks and progress of one cluster a minute. */
const perMinute = 60_000;

/** The raw routes of control, in either of their names. */
export const controlRoutes: readonly string[] = [
  watchRoute,
  ackRoute,
  progressRoute,
  enqueueRoute,
  ...Object.keys(legacyControlRoutes),
];

type Handler = (principal: ClusterPrincipal, json: unknown, request: Request) => Promise<Response>;
/** Lifts the server's limit on silent connections for one request. */
type Patience = (request: Request) => void;

/** What agents ask and tell of commands, and how commands are asked for in the wire's own form. */
export function createControlRoutes(parts: MasterParts, patience: Patience) {
  const { access, control, events } = parts;
  const { queue } = control;
  const rate = new Rate(perMinute);
  const handlers: Record<string, Handler> = {
    [watchRoute]: watch,
    [ackRoute]: ack,
    [progressRoute]: progress,
  };

  return (request: Request, path: string): Promise<Response> | undefined => {
    const token = path.startsWith("/t/") ? path.slice(3, Math.max(path.indexOf("/", 3), 3)) : undefined;
    const given = token === undefined ? path : path.slice(3 + token.length);
    const route = legacyControlRoutes[given] ?? given;
    const handler = handlers[route];
    if (!handler && route !== enqueueRoute) return undefined;
    return answer(request, route, token, handler);
  };

  async function answer(
    request: Request,
    route: string,
    token: string | undefined,
    handler: Handler | undefined,
  ): Promise<Response> {
    try {
      if (request.method !== "POST") throw problem(405);
      if (!handler) return await enqueue(request, token);
      // Who it is comes before the first byte is read.
      const principal = await authorize(access, request, token);
      rate.take(principal.cluster);
      const json = parseJson(await readBody(request));
      const { clusterID } = (json ?? {}) as { clusterID?: unknown };
      if (typeof clusterID === "string") await bind(principal, clusterID);
      return await handler(principal, json, request);
    } catch (thrown) {
      return refusal(thrown, request, route);
    }
  }

  async function watch(principal: ClusterPrincipal, json: unknown, request: Request): Promise<Response> {
    const asked = decode(WatchRequest, json);
    patience(request);
    const waitMs = Math.min((asked.waitSeconds ?? 60) * 1000, longestWaitMs);
    const { run, startedAt_ms: startedMs } = asked;
    const body = await queue.watch(
      principal.cluster,
      asked.clusterID,
      {
        rv: Number(asked.rv ?? 0),
        waitMs,
        ...(run === undefined ? {} : { run }),
        ...(startedMs === undefined ? {} : { startedMs }),
      },
      request.signal,
    );
    if (body === undefined) return new Response(null, { status: 304 });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }

  async function ack(principal: ClusterPrincipal, json: unknown): Promise<Response> {
    await queue.ack(principal.cluster, decode(AckRequest, json).results);
    return Response.json({ ok: true });
  }

  async function progress(principal: ClusterPrincipal, json: unknown): Promise<Response> {
    const told = decode(ProgressRequest, json);
    await queue.tell(principal.cluster, told.run ?? "", told.progress);
    return Response.json({ ok: true });
  }

  async function enqueue(request: Request, token: string | undefined): Promise<Response> {
    const principal = await (token === undefined
      ? access.authenticate(request)
      : access.authenticateToken(token));
    const by = demandPerson(principal);
    access.checkForm(request, by, request.headers.get("x-csrf") ?? undefined);
    const asked = decode(EnqueueRequest, parseJson(await readBody(request)));
    const record = await ask(parts, by, request, asked);
    return Response.json({ ok: true, id: record.id });
  }

  async function bind(principal: ClusterPrincipal, clusterID: string): Promise<void> {
    if (principal.clusterID === clusterID) return;
    await access.bindCluster(principal, clusterID);
    await parts.refreshClusters();
  }

  function refusal(thrown: unknown, request: Request, route: string): Response {
    const error = databaseFault(thrown);
    const id = requestInfo(request).id;
    let fault: Problem = problem(500).problem;
    if (error instanceof ProblemError) fault = error.problem;
    else events.failed(`answering ${route}`, error, id);
    if (fault.status === 413) tidyAfterBomb();
    const response = problemResponse({ ...fault, request: id });
    if (fault.status === 405) response.headers.set("allow", "POST");
    return response;
  }
}

function demandPerson(principal: Principal | undefined): Principal {
  if (!principal) throw problem(401, "sign in, or send an API token");
  if (principal.kind === "cluster") throw problem(403, "an agent's token asks for no commands");
  return principal;
}

/** What an EnqueueRequest asks for: a new command, or a change of one that is there. */
export function ask(
  parts: { control: Control; datasource: Pick<ManagedDatasource, "findCluster"> },
  by: Principal,
  request: Request,
  { clusterID, command }: EnqueueRequest,
): Promise<CommandView> {
  const { control } = parts;
  const origin = requestInfo(request);
  const { id, op = "add", type, target, args, idem, deadlineSeconds } = command;
  if (op !== "add") {
    if (id === undefined) throw problem(422, `${op} needs the command's id`, { pointer: "/command/id" });
    if (op === "cancel") return control.cancel(by, origin, id);
    return control.update(by, origin, id, { ...(target ? { target } : {}), ...(args ? { args } : {}) });
  }
  const cluster = parts.datasource.findCluster(clusterID);
  if (!cluster) throw problem(404, "there is no such cluster");
  if (type === undefined) throw problem(422, "a command has a type", { pointer: "/command/type" });
  const asked: NewCommand = {
    cluster,
    type: type as NewCommand["type"],
    target: target ?? {},
    ...(args ? { args } : {}),
    ...(idem === undefined ? {} : { idem }),
    ...(deadlineSeconds === undefined ? {} : { deadlineMs: Math.round(deadlineSeconds * 1000) }),
  };
  return control.enqueue(by, origin, asked);
}
