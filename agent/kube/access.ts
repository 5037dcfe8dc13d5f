/** How to reach one API server, and as whom. Made by `findKubernetes`, used by `KubeClient`. */
export interface KubeAccess {
  readonly found: true;
  readonly from: "kubeconfig" | "in-cluster" | "demo";
  /** The context's name; in a cluster `in-cluster`, for the demo `demo`. */
  readonly context: string;
  /** Address without a trailing slash. */
  readonly server: string;
  /** The context's namespace, or the one the agent itself runs in. */
  readonly namespace: string | undefined;
  /** An HTTP proxy to go through. */
  readonly proxy: string | undefined;
  /**
   * What the next request has to carry. Cheap to ask each time: files that rotate are read again only after a
   * while, plugins are run again only when what they gave ran out. Throws a KubeError "Credentials".
   */
  credentials(): Promise<Credentials>;
  /** The server answered 401: what is remembered is no longer good. */
  forget(): void;
}

export interface Credentials {
  /** Authorization and impersonation, as headers. */
  headers: Record<string, string>;
  tls: TlsOptions;
}

export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
  rejectUnauthorized?: boolean;
  serverName?: string;
}

/** Nothing to talk to: what was looked at, in words for a person. */
export interface NoKubernetes {
  readonly found: false;
  readonly looked: string[];
}

/** Access with a bearer token and nothing else, such as to the demo cluster. */
export function tokenAccess(server: string, token: string, context = "demo"): KubeAccess {
  const credentials = Promise.resolve({ headers: { authorization: `Bearer ${token}` }, tls: {} });
  return {
    found: true,
    from: "demo",
    context,
    server: server.replace(/\/+$/, ""),
    namespace: undefined,
    proxy: undefined,
    credentials: () => credentials,
    forget: () => {},
  };
}
