import {
  ApiError,
  badRequest,
  forbidden,
  methodNotAllowed,
  pathNotFound,
  unauthorized,
} from "./api-error.ts";
import { applyManifest, rehearsal } from "./apply.ts";
import { evict } from "./budgets.ts";
import { discoveryAnswer } from "./discovery.ts";
import { toCoreEvent } from "./event-conversion.ts";
import { listAnswer, present } from "./list.ts";
import { type Kind, kinds } from "./kinds.ts";
import { type Fields, isFields, type Stored } from "./object.ts";
import { applyPatch } from "./patch.ts";
import { type DeleteOptions, Rest } from "./rest.ts";
import { parseRoute, type Route } from "./route.ts";
import { parseSelectors } from "./selector.ts";
import { Store } from "./store.ts";
import { followed, type LogSource, logAnswer, scaleOf, writeScale } from "./subresources.ts";
import { tableOf, wantsTable } from "./table.ts";
import { readBody } from "./validate.ts";
import { watchAnswer } from "./watch.ts";

export interface SimKubeOptions {
  /** 0, the default: any free port of 127.0.0.1. */
  port?: number;
  /** The bearer token that is asked for; by default a random one. */
  token?: string;
  /** To go on with what an earlier server had. */
  store?: Store;
  now?: () => Date;
  uid?: () => string;
  gitVersion?: string;
  /** How often watches get a bookmark; the real one sends about one a minute. */
  bookmarkMs?: number;
  /** Answers 403 where it says true. */
  denies?: (verb: string, kind: Kind, namespace: string | undefined) => boolean;
  /** May answer in place of the API, for tests of what goes wrong on the way. */
  intercept?: (request: Request) => Response | undefined | Promise<Response | undefined>;
  logs?: LogSource;
}

export interface SimKube extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** As JSON, which is YAML too. */
  readonly kubeconfig: object;
  readonly store: Store;
  readonly rest: Rest;
  /** Ends every connection at once, as a killed API server does. */
  stop(): Promise<void>;
}

const user = "simkube-admin";

/** A Kubernetes API on 127.0.0.1 with the namespaces default, kube-system, kube-public and kube-node-lease. */
export async function startSimKube(options: SimKubeOptions = {}): Promise<SimKube> {
  const store = options.store ?? new Store();
  const rest = new Rest(store, options.now, options.uid);
  const token =
    options.token ?? Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"])
    if (!store.get(kinds.namespaces, undefined, name))
      rest.create(kinds.namespaces, undefined, { metadata: { name } });

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 0,
    maxRequestBodySize: 8 * 2 ** 20,
    async fetch(request) {
      try {
        const intercepted = await options.intercept?.(request);
        if (intercepted) return intercepted;
        if (request.headers.get("authorization") !== `Bearer ${token}`) throw unauthorized();
        return await answer(rest, options, request);
      } catch (error) {
        if (error instanceof ApiError) return error.toResponse();
        const message = `Internal error occurred: ${(error as Error).message}`;
        return new ApiError(500, "InternalError", message).toResponse();
      }
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const stop = () => server.stop(true);
  return {
    url,
    token,
    port: server.port!,
    kubeconfig: {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "simkube", cluster: { server: url } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: "simkube", context: { cluster: "simkube", user } }],
      "current-context": "simkube",
    },
    store,
    rest,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function answer(rest: Rest, options: SimKubeOptions, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const { pathname, searchParams: query } = url;
  if (["/livez", "/readyz", "/healthz"].includes(pathname)) return new Response("ok");
  const discovered = discoveryAnswer(pathname, options.gitVersion ?? "v1.34.4");
  if (discovered !== undefined) return Response.json(discovered);

  const route = parseRoute(pathname);
  const watching = /^(1|true)$/.test(query.get("watch") ?? "");
  const verb = verbOf(request.method, route, watching);
  if (options.denies?.(verb, route.kind, route.namespace))
    throw forbidden(user, verb, route.kind, route.namespace, route.name ?? "");
  if (route.subresource !== undefined) return subresource(rest, options, request, route, query);

  const { kind, namespace, name } = route;
  const dry = query.get("dryRun") === "All";
  switch (verb) {
    case "list": {
      const list = listAnswer(rest.store, kind, namespace, query);
      if (!wantsTable(request)) return list;
      const { items, metadata } = (await list.json()) as { items: Stored[]; metadata: object };
      return Response.json(tableOf(items, metadata, rest.now()));
    }
    case "watch": {
      if (name !== undefined) query.append("fieldSelector", `metadata.name=${name}`);
      return watchAnswer(rest.store, kind, namespace, query, {
        bookmarkMs: options.bookmarkMs ?? 60_000,
        signal: request.signal,
      });
    }
    case "get":
      return object(kind, rest.get(kind, namespace, name!));
    case "create": {
      if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
      const body = incoming(kind, await readBody(request));
      return object(kind, rest.create(held(kind), namespace, body), 201);
    }
    case "update":
      if (dry)
        return object(
          kind,
          rehearsal(rest, kind, namespace, name!).update(kind, namespace, name!, await readBody(request)),
        );
      return object(kind, rest.update(held(kind), namespace, name!, incoming(kind, await readBody(request))));
    case "patch":
      if (/^application\/apply-patch/.test(request.headers.get("content-type") ?? "")) {
        const on = dry ? rehearsal(rest, kind, namespace, name!) : rest;
        const applied = applyManifest(on, kind, namespace, name!, await readBody(request));
        return object(kind, applied.object, applied.created ? 201 : 200);
      }
      return object(kind, rest.update(held(kind), namespace, name!, await patched(rest, request, route)));
    case "delete":
      return deleted(kind, rest, namespace, name!, await deleteOptions(request, query));
    case "deletecollection": {
      const matches = parseSelectors(kind, query);
      const choice = await deleteOptions(request, query);
      for (const one of rest.store.list(kind, namespace).filter(matches))
        rest.delete(kind, one.metadata.namespace, one.metadata.name, choice);
      return success();
    }
  }
  throw methodNotAllowed();
}

function verbOf(method: string, route: Route, watching: boolean): string {
  const one = route.name !== undefined;
  switch (method) {
    case "GET":
      return watching ? "watch" : one ? "get" : "list";
    case "POST":
      if (!one || route.subresource !== undefined) return "create";
      break;
    case "PUT":
      if (one) return "update";
      break;
    case "PATCH":
      if (one) return "patch";
      break;
    case "DELETE":
      return one ? "delete" : "deletecollection";
  }
  throw methodNotAllowed();
}

async function subresource(
  rest: Rest,
  options: SimKubeOptions,
  request: Request,
  route: Route,
  query: URLSearchParams,
): Promise<Response> {
  const { kind, namespace, name } = route as Route & { name: string };
  const writes = request.method === "PUT" || request.method === "PATCH";
  if (route.subresource === "status" && kind.status) {
    if (request.method === "GET") return object(kind, rest.get(kind, namespace, name));
    if (!writes) throw methodNotAllowed();
    const body = request.method === "PATCH" ? await patched(rest, request, route) : await readBody(request);
    return object(kind, rest.update(kind, namespace, name, body, "status"));
  }
  if (route.subresource === "scale" && kind.scale) {
    if (request.method === "GET") return Response.json(scaleOf(rest.get(kind, namespace, name)));
    if (!writes) throw methodNotAllowed();
    const type = request.method === "PATCH" ? (request.headers.get("content-type") ?? "") : undefined;
    return Response.json(writeScale(rest, kind, namespace, name, await readBody(request), type));
  }
  if (kind === kinds.pods && route.subresource === "log" && request.method === "GET") {
    const text = logAnswer(rest, options.logs ?? (() => []), namespace!, name, query);
    // As the real one: without a node there is nothing to ask, and no content.
    if (text === undefined) return new Response(null, { status: 204 });
    const head = { headers: { "content-type": "text/plain" } };
    if (query.get("follow") !== "true" || query.get("previous") === "true") return new Response(text, head);
    return new Response(
      followed(rest, options.logs ?? (() => []), namespace!, name, query, text, request.signal),
      head,
    );
  }
  if (kind === kinds.pods && route.subresource === "eviction" && request.method === "POST") {
    const body = await readBody(request);
    const choice =
      isFields(body) && isFields(body.deleteOptions) ? (body.deleteOptions as DeleteOptions) : {};
    evict(rest, namespace!, name, choice);
    return success(201);
  }
  throw pathNotFound();
}

async function patched(rest: Rest, request: Request, { kind, namespace, name }: Route): Promise<Fields> {
  const type = request.headers.get("content-type") ?? "";
  const before = present(kind, rest.get(kind, namespace, name!));
  const body = await readBody(request);
  const after = applyPatch(before as unknown as Fields, body, type);
  // Only a version that the patch itself names is a precondition.
  const meta = isFields(body) && isFields(body.metadata) ? body.metadata : {};
  if (isFields(after.metadata) && meta.resourceVersion === undefined)
    after.metadata = { ...after.metadata, resourceVersion: "" };
  return incoming(kind, after) as Fields;
}

/** The kind under which objects are stored: both Event APIs share theirs. */
function held(kind: Kind): Kind {
  return kind === kinds.eventsV1 ? kinds.events : kind;
}

/** An object as it is stored, whichever of two versions it came in. */
function incoming(kind: Kind, body: unknown): unknown {
  if (kind !== kinds.eventsV1 || !isFields(body)) return body;
  const { apiVersion: _, ...core } = toCoreEvent(body as unknown as Stored);
  return core;
}

async function deleteOptions(request: Request, query: URLSearchParams): Promise<DeleteOptions> {
  const body = await readBody(request);
  if (body !== undefined && !isFields(body)) throw badRequest("the object provided is no DeleteOptions");
  const options = (body ?? {}) as DeleteOptions;
  const grace = query.get("gracePeriodSeconds");
  return grace === null ? options : { ...options, gracePeriodSeconds: Number(grace) };
}

function deleted(
  kind: Kind,
  rest: Rest,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Response {
  const before = rest.delete(kind, namespace, name, options);
  // These kinds' storage answers with the object, the others' with a Status.
  if (["Pod", "Namespace", "Service", "PersistentVolumeClaim"].includes(kind.kind))
    return object(kind, before);
  return success(200, {
    name,
    ...(kind.group ? { group: kind.group } : {}),
    kind: kind.plural,
    uid: before.metadata.uid,
  });
}

function object(kind: Kind, stored: Stored, status = 200): Response {
  return Response.json(present(kind, stored), { status });
}

function success(code = 200, details?: object): Response {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    ...(details ? { details } : {}),
  };
  return Response.json(status, { status: code });
}
