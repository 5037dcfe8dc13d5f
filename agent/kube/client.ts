import type { Credentials, KubeAccess } from "./access.ts";
import { errorOfAnswer, inWords, KubeError } from "./error.ts";

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON unless it is a string already. */
  body?: unknown;
  /** Of the body; `application/json` by default, `application/merge-patch+json` and the like for patches. */
  contentType?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** For the whole exchange; of a stream until its head is in. 30 s by default. */
  timeoutMs?: number;
}

const userAgent = "atlhyper-agent";
const loopback = /^https?:\/\/(localhost|127\.|\[::1\])/;

/**
 * Requests to one API server over Bun's fetch. Everything but a 2xx is thrown as a KubeError.
 * One session holds the connections, so that TLS is set up once; it is replaced when credentials rotate.
 */
export class KubeClient {
  readonly access: KubeAccess;
  readonly #timeoutMs: number;
  #session: Bun.FetchSession | undefined;
  #sessionTls = "";

  constructor(access: KubeAccess, options: { timeoutMs?: number } = {}) {
    this.access = access;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** A whole exchange: the deadline covers the reading of the body too. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? this.#timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
    return this.#send(method, path, options, signal, true);
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.request(method, path, options);
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw this.#explain(error, "BadAnswer");
    }
  }

  async text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
    const response = await this.request(method, path, options);
    try {
      return await response.text();
    } catch (error) {
      throw this.#explain(error, "BadAnswer");
    }
  }

  /**
   * A GET whose body comes over a long time (watch, followed log): without any limit once its head is in.
   * End it through `options.signal`.
   */
  async stream(path: string, options: RequestOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const head = new AbortController();
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const timer = setTimeout(
      () => head.abort(new DOMException("no answer in time", "TimeoutError")),
      timeoutMs,
    );
    const signal = options.signal ? AbortSignal.any([options.signal, head.signal]) : head.signal;
    try {
      const response = await this.#send("GET", path, options, signal, false);
      if (response.body === null) throw new KubeError(0, "BadAnswer", `${path}: an answer without a body`);
      return response.body;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the idle connections; what is under way goes on. */
  close(): void {
    this.#session?.close();
  }

  async #send(
    method: string,
    path: string,
    options: RequestOptions,
    signal: AbortSignal,
    whole: boolean,
  ): Promise<Response> {
    let response = await this.#once(method, path, options, signal, whole);
    if (response.status === 401) {
      // The token may have been rotated just now; a request that was refused did nothing, so it may be repeated.
      await response.body?.cancel();
      this.access.forget();
      response = await this.#once(method, path, options, signal, whole);
    }
    if (response.ok) return response;
    const text = await response.text().catch(() => "");
    throw errorOfAnswer(response.status, text, response.headers.get("retry-after"));
  }

  async #once(
    method: string,
    path: string,
    options: RequestOptions,
    signal: AbortSignal,
    whole: boolean,
  ): Promise<Response> {
    const credentials = await this.access.credentials();
    const session = this.#sessionFor(credentials);
    const headers: Record<string, string> = {
      accept: "application/json",
      "user-agent": userAgent,
      ...(loopback.test(this.access.server) ? { "accept-encoding": "identity" } : {}),
      ...credentials.headers,
      ...options.headers,
    };
    let body: string | undefined;
    if (options.body !== undefined) {
      headers["content-type"] = options.contentType ?? "application/json";
      body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
    }
    try {
      return await session.fetch(this.access.server + path + queryText(options.query), {
        method,
        headers,
        body,
        signal,
        redirect: "manual",
        ...(whole ? {} : { timeout: false }),
      });
    } catch (error) {
      throw this.#explain(error, "Unreachable");
    }
  }

  #sessionFor({ tls }: Credentials): Bun.FetchSession {
    const key = JSON.stringify(tls);
    if (this.#session === undefined || this.#sessionTls !== key) {
      this.#session?.close();
      // Go's ProxyFromEnvironment, and so kubectl, never goes through a proxy to loopback; Bun would.
      const proxy = this.access.proxy ?? (loopback.test(this.access.server) ? false : undefined);
      this.#session = new Bun.FetchSession({ tls, proxy, keepAlive: { idleTimeout: 60 } });
      this.#sessionTls = key;
    }
    return this.#session;
  }

  /** Keeps an abort by the caller as it is, and says of everything else what it was and where to. */
  #explain(error: unknown, reason: string): unknown {
    if (error instanceof KubeError) return error;
    const { name } = error as Error;
    if (name === "AbortError") return error;
    if (name === "TimeoutError")
      return new KubeError(0, "TimedOut", `${this.access.server} did not answer in time`, undefined, error);
    return new KubeError(0, reason, `${this.access.server}: ${inWords(error)}`, undefined, error);
  }
}

function queryText(query: RequestOptions["query"]): string {
  if (query === undefined) return "";
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}
