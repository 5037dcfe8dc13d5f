import { ApiError, unauthorized } from "./api-error.ts";
import { answer, user } from "./answer.ts";
import { type Kind, kinds } from "./kinds.ts";
import { Rest } from "./rest.ts";
import { Store } from "./store.ts";
import type { LogSource } from "./subresources.ts";

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
