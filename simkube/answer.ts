import { badRequest, forbidden, methodNotAllowed, pathNotFound } from "./api-error.ts";
import { applyManifest, rehearsal } from "./apply.ts";
import { evict } from "./budgets.ts";
import { discoveryAnswer } from "./discovery.ts";
import { toCoreEvent } from "./event-conversion.ts";
import { listAnswer, present } from "./list.ts";
import { type Kind, kinds } from "./kinds.ts";
import { type Fields, isFields, type Stored } from "./object.ts";
import { applyPatch } from "./patch.ts";
import type { DeleteOptions, Rest } from "./rest.ts";
import { parseRoute, type Route } from "./route.ts";
import type { SimKubeOptions } from "./server.ts";
import { parseSelectors } from "./selector.ts";
import { followed, logAnswer, scaleOf, writeScale } from "./subresources.ts";
import { tableOf, wantsTable } from "./table.ts";
import { readBody } from "./validate.ts";
import { watchAnswer } from "./watch.ts";

/** Who everybody is that has the token. */
export const user = "simkube-admin";

/** What the API answers to a request that is let in. */
export async function answer(rest: Rest, options: SimKubeOptions, request: Request): Promise<Response> {
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
