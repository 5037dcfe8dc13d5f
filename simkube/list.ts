import { ApiError, badRequest, expired } from "./api-error.ts";
import { toEventsV1 } from "./event-conversion.ts";
import { apiVersionOf, type Kind } from "./kinds.ts";
import type { Stored } from "./object.ts";
import { parseSelectors } from "./selector.ts";
import type { Store } from "./store.ts";

/** An object in the version it is asked for in. */
export function present(kind: Kind, object: Stored): Stored {
  return kind.group === "events.k8s.io" ? toEventsV1(object) : object;
}

interface ContinueToken {
  v: "meta.k8s.io/v1";
  rv: number;
  start: number;
}

export function listAnswer(
  store: Store,
  kind: Kind,
  namespace: string | undefined,
  query: URLSearchParams,
): Response {
  const matches = parseSelectors(kind, query);
  const limit = wholeNumber(query, "limit");
  const token = query.get("continue");
  checkVersion(store, query, token !== null && token !== "");
  let version = store.version;
  let start = 0;
  let all: Stored[];
  // One snapshot serves every request for the same kind, namespace, selectors and moment.
  const id = (at: number) =>
    [at, kind.storage, namespace, query.get("labelSelector"), query.get("fieldSelector")].join("|");
  if (token) {
    const { rv, start: from } = parseToken(token);
    const kept = store.snapshot(id(rv));
    if (kept === undefined)
      throw expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      );
    all = kept;
    version = rv;
    start = from;
  } else {
    all = store.list(kind, namespace).filter(matches);
  }
  const page = limit > 0 ? all.slice(start, start + limit) : all.slice(start);
  const left = all.length - start - page.length;
  const metadata: Record<string, unknown> = { resourceVersion: String(version) };
  if (left > 0) {
    store.snapshot(id(version), all);
    metadata.continue = makeToken(version, start + page.length);
    metadata.remainingItemCount = left;
  }
  // Items of a list carry no kind and apiVersion of their own.
  const items = page.map((object) => {
    const { kind: _kind, apiVersion: _version, ...rest } = present(kind, object);
    return rest;
  });
  return Response.json({ kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items });
}

export function tooLarge(asked: number, current: number): ApiError {
  return new ApiError(504, "Timeout", `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function checkVersion(store: Store, query: URLSearchParams, continued: boolean): void {
  const match = query.get("resourceVersionMatch");
  const text = query.get("resourceVersion") ?? "";
  if (match !== null && text === "")
    throw invalidOptions(
      "resourceVersionMatch",
      "resourceVersionMatch is forbidden unless resourceVersion is provided",
    );
  if (match !== null && match !== "NotOlderThan" && match !== "Exact")
    throw invalidOptions("resourceVersionMatch", `supported values: "Exact", "NotOlderThan", ""`);
  if (text === "") return;
  const asked = parseVersion(text);
  if (continued && asked !== 0)
    throw badRequest("specifying resource version is not allowed when using continue");
  if (asked > store.version) throw tooLarge(asked, store.version);
  if (match === "Exact" && asked !== store.version)
    throw expired(`The resourceVersion for the provided list is too old.`);
}

export function invalidOptions(field: string, why: string): ApiError {
  const message = `Forbidden: ${why}`;
  return new ApiError(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: "meta.k8s.io",
    kind: "ListOptions",
    causes: [{ reason: "FieldValueForbidden", message, field }],
  });
}

export function parseVersion(text: string): number {
  if (!/^\d+$/.test(text))
    throw badRequest(`Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  return Number(text);
}

export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === "") return 0;
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

function makeToken(rv: number, start: number): string {
  const token: ContinueToken = { v: "meta.k8s.io/v1", rv, start };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function parseToken(text: string): ContinueToken {
  try {
    const token = JSON.parse(Buffer.from(text, "base64url").toString()) as ContinueToken;
    if (Number.isInteger(token.rv) && Number.isInteger(token.start)) return token;
  } catch {
    // falls through to the same answer
  }
  throw badRequest("continue key is not valid");
}
