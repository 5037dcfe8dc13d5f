import { clientOf } from "./forwarded.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What the server knows of a request besides the request itself. */
export interface RequestInfo {
  /** Names the request in answers and in the log. */
  id: string;
  /** The client's address, for limits. */
  address: string;
  /** Whether the client came by https, here or at the reverse proxy in front. */
  secure: boolean;
  /** Host and port by which the client came. */
  host: string;
}

const known = new WeakMap<Request, RequestInfo>();

/** How the page or route that handles a request learns about it. */
export function requestInfo(request: Request): RequestInfo {
  return known.get(request) ?? { id: "", address: "", secure: false, host: new URL(request.url).host };
}

/** Makes a request that stands for another, such as one that outlives it, known by the same. */
export function standsFor(request: Request, original: Request): Request {
  known.set(request, requestInfo(original));
  return request;
}

let counter = 0;
const process = crypto.randomUUID().slice(0, 8);

/** Registers a request as it comes in. Forwarded headers count only as far as trusted proxies wrote them. */
export function registerRequest(request: Request, peer: string, trusted: TrustedProxies): RequestInfo {
  const client = clientOf(request.headers, peer, trusted);
  const info = {
    id: `${process}-${(++counter).toString(36)}`,
    address: client.address,
    secure: client.proto === undefined ? request.url.startsWith("https:") : client.proto === "https",
    host: client.host ?? request.headers.get("host") ?? new URL(request.url).host,
  };
  known.set(request, info);
  return info;
}
