import { X509Certificate } from "node:crypto";

/** The admin's way in, as `kubectl config view --raw -o json` tells it. */
interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
}

export interface Recorder extends Disposable {
  readonly url: string;
  /** `verb resource.group` of everything that was asked for so far, as RBAC names it. */
  readonly asked: ReadonlySet<string>;
}

/** A door before the API server that notes what goes through, with everybody's own token and the server's answers. */
export function recordCalls({ clusters }: Kubeconfig): Recorder {
  const { server: origin, "certificate-authority-data": authority } = clusters[0]!.cluster;
  const ca = new X509Certificate(Buffer.from(authority, "base64")).toString();
  const asked = new Set<string>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    // Watches are silent for as long as nothing changes.
    idleTimeout: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const access = accessOf(request.method, url);
      if (access) asked.add(access);
      const headers = new Headers(request.headers);
      headers.delete("host");
      const answer = await fetch(origin + url.pathname + url.search, {
        method: request.method,
        headers,
        body: request.body === null ? undefined : await request.arrayBuffer(),
        signal: request.signal,
        tls: { ca },
        decompress: false,
        timeout: false,
      } as RequestInit);
      return new Response(answer.body, { status: answer.status, headers: answer.headers });
    },
    // The API server was killed, or the agent: its connection ends, as it would without this in between.
    error: () => new Response(null, { status: 502 }),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/**
 * What RBAC asks for a request to be allowed (https://kubernetes.io/docs/reference/access-authn-authz/authorization/,
 * "Determine the request verb"); undefined where it is about no resource.
 */
export function accessOf(method: string, url: URL): string | undefined {
  const [root, ...rest] = url.pathname.split("/").filter(Boolean);
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "apis" ? rest.shift() : "";
  rest.shift(); // the version
  if (rest[0] === "namespaces" && rest.length > 2) rest.splice(0, 2);
  const [resource, name, subresource] = rest;
  if (resource === undefined) return undefined;
  const watching = /^(1|true)$/.test(url.searchParams.get("watch") ?? "");
  const verbs: Record<string, string> = {
    GET: name !== undefined ? "get" : watching ? "watch" : "list",
    POST: "create",
    PUT: "update",
    PATCH: "patch",
    DELETE: name !== undefined ? "delete" : "deletecollection",
  };
  return `${verbs[method]} ${resource}${subresource ? `/${subresource}` : ""}.${group}`;
}
