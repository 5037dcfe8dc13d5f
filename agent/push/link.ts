import { version, versionHeader } from "../../wire/version.ts";

export interface LinkOptions {
  /** Without a trailing slash. */
  url: string;
  token: string;
  /** PEM of the authority that signed the master's certificate, where the system does not know it. */
  ca?: string;
  timeoutMs?: number;
  /** How many connections are kept open; one by default. */
  sockets?: number;
}

export interface Answer {
  status: number;
  /** As long as it is short JSON. */
  body: unknown;
  retryAfterMs: number | undefined;
  /** The master's clock, to a second. */
  dateMs: number;
}

/** Answers are short, but for the open occurrences: those of a cluster in trouble. */
const maxAnswerBytes = 8 * 2 ** 20;

/** One keep-alive connection to the master. */
export class MasterLink {
  readonly #options: LinkOptions;
  readonly #session: Bun.FetchSession;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#session = new Bun.FetchSession({
      tls: options.ca ? { ca: options.ca } : undefined,
      // Never through a proxy to this machine, as every other client has it.
      proxy: /^https?:\/\/(localhost|127\.|\[::1\])/.test(options.url) ? false : undefined,
      keepAlive: { idleTimeout: 90, maxIdleSockets: options.sockets ?? 1 },
    });
  }

  /** Posts a message; throws where no answer came. */
  async post(route: string, body: string | Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<Answer> {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs ?? 30_000);
    const response = await this.#session.fetch(this.#options.url + route, {
      method: "POST",
      // Level 1 of libdeflate: lists shrink 10×, at a few milliseconds a megabyte.
      body: Bun.gzipSync(body, { level: 1 }),
      headers: {
        authorization: `Bearer ${this.#options.token}`,
        "content-type": "application/json",
        "content-encoding": "gzip",
        [versionHeader]: version,
      },
      redirect: "manual",
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      status: response.status,
      body: await shortJson(response),
      retryAfterMs: seconds >= 0 ? Math.min(seconds, 600) * 1000 : undefined,
      dateMs: Date.parse(response.headers.get("date") ?? ""),
    };
  }

  close(): void {
    this.#session.close();
  }
}

/** What is no JSON, or too much of it, is as good as nothing; the body is read in any case, to keep the connection. */
async function shortJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text.length > maxAnswerBytes) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a problem+json says, in one line for the log. */
export function detailOf({ body }: Answer): string {
  const { title, detail, pointer } = (body ?? {}) as { title?: string; detail?: string; pointer?: string };
  return [detail ?? title ?? "", pointer ? `at ${pointer}` : ""].join(" ").trim().slice(0, 300);
}
