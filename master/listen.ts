import type { MasterConfig } from "./config.ts";
import type { MasterEvents } from "./events.ts";
import { expiryOf, type Pair, pairAtStart, watchPair } from "./tls.ts";

type Options = Omit<Parameters<typeof Bun.serve>[0], "port" | "hostname" | "tls" | "routes" | "unix"> & {
  fetch(request: Request, server: Bun.Server<never>): Response | undefined | Promise<Response | undefined>;
};

/** Where the master listens; behind it the server changes with the certificate. */
export interface Listener {
  /** Without a trailing slash. */
  readonly url: string;
  /** A plain HTTP address on this machine alone, for agents in the same process. */
  local(): string;
  /** How long a request may be silent, in seconds; 0 for as long as it likes. */
  timeout(request: Request, seconds: number): void;
  /** Takes nothing new and waits for what is under way, or, with `now`, ends it. */
  stop(now?: boolean): Promise<void>;
}

/** How often the certificate's files are looked at. */
const certificateEveryMs = 10_000;

/**
 * Listens, with TLS where the configuration names a certificate. When its files change a second server with the new
 * certificate takes the port over and the first one takes nothing new: what is under way on its connections goes on
 * to its end, streams and WebSockets too. (`server.reload` leaves a server's certificate as it is.)
 */
export function listen(
  options: Options,
  config: MasterConfig,
  events: Pick<MasterEvents, "certificateTaken" | "certificateRefused">,
  current: (server: Bun.Server<never>) => void,
  everyMs: number = certificateEveryMs,
): Listener {
  const pair = pairAtStart(config);
  const start = (port: number, tls?: Pair, host = config.host): Bun.Server<never> =>
    Bun.serve({ ...options, fetch, hostname: host, port, ...(tls ? { tls, reusePort: true } : {}) } as never);

  const owners = new WeakMap<Request, Bun.Server<never>>();
  const fetch: Options["fetch"] = (request, server) => {
    owners.set(request, server);
    return options.fetch(request, server);
  };

  // A port that is shared on purpose would not be refused when somebody else has it.
  if (pair && config.port !== 0) start(config.port).stop(true);
  let server = start(config.port, pair);
  const others = new Set<Bun.Server<never>>();
  let local: Bun.Server<never> | undefined;
  current(server);
  const port = server.port!;

  const watch =
    pair &&
    watchPair(config, pair, everyMs, {
      changed(next) {
        const before = server;
        server = start(port, next);
        current(server);
        others.add(before);
        void before.stop().then(() => others.delete(before));
        events.certificateTaken(expiryOf(next));
      },
      refused: (why) => events.certificateRefused(why),
    });

  return {
    url: `${pair ? "https" : "http"}://${server.hostname}:${port}`,
    local() {
      if (!pair) return `http://${loopbackOf(server.hostname!)}:${port}`;
      local ??= start(0, undefined, "127.0.0.1");
      return `http://127.0.0.1:${local.port}`;
    },
    timeout(request, seconds) {
      (owners.get(request) ?? server).timeout(request, seconds);
    },
    async stop(now = false) {
      watch?.stop();
      await Promise.all([server, ...others, ...(local ? [local] : [])].map((one) => one.stop(now)));
    },
  };
}

/** This machine, where the master listens on all addresses. */
function loopbackOf(host: string): string {
  return /^(0\.0\.0\.0|\[?::\]?)$/.test(host) ? "127.0.0.1" : host;
}
