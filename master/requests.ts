/** What the server knows of a request besides the request itself. */
export interface RequestInfo {
  /** Names the request in answers and in the log. */
  id: string;
  /** The client's address, for limits. */
  address: string;
  /** Whether the client came by https, here or at the reverse proxy in front. */
  secure: boolean;
}

const known = new WeakMap<Request, RequestInfo>();

/** How the page or route that handles a request learns about it. */
export function requestInfo(request: Request): RequestInfo {
  return known.get(request) ?? { id: "", address: "", secure: false };
}

let counter = 0;
const process = crypto.randomUUID().slice(0, 8);

/** Registers a request as it comes in. Forwarded headers count only behind a proxy that sets them. */
export function registerRequest(request: Request, peer: string, trustProxy: boolean): RequestInfo {
  const forwarded = trustProxy ? request.headers.get("x-forwarded-for") : null;
  const protocol = trustProxy ? request.headers.get("x-forwarded-proto") : null;
  const info = {
    id: `${process}-${(++counter).toString(36)}`,
    // The last address is the one that our own proxy saw; those before it are the client's word.
    address: forwarded?.split(",").at(-1)?.trim() || peer,
    secure: protocol === "https" || request.url.startsWith("https:"),
  };
  known.set(request, info);
  return info;
}
