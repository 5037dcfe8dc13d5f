/**
 * What may happen to messages between an agent and its master: lost on the way there or back, delayed, doubled,
 * and (since each is delayed on its own) overtaken. Messages are chosen by a generator of its own, so that a run
 * can be told again by its seed.
 */
export interface BadNetwork extends AsyncDisposable {
  readonly url: string;
  /** How often each has happened. */
  readonly counts: Record<Mishap | "passed", number>;
}

type Mishap = "lost" | "answerLost" | "doubled" | "late";

/** How many of a thousand messages of the routes it is about meet each mishap. */
const shares: Record<Mishap, number> = { lost: 40, answerLost: 60, doubled: 60, late: 40 };

export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A proxy to `target` that does so to control messages, and to nothing else. */
export function startBadNetwork(target: string, seed: number): BadNetwork {
  const next = random(seed);
  const counts = { passed: 0, lost: 0, answerLost: 0, doubled: 0, late: 0 };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const body = new Uint8Array(await request.arrayBuffer());
      const headers = new Headers(request.headers);
      headers.delete("host");
      headers.set("connection", "close");
      const send = () =>
        fetch(target + pathname + search, {
          method: request.method,
          headers,
          body,
          signal: AbortSignal.timeout(70_000),
          keepalive: false,
          decompress: false,
        });
      const mishap = pathname.startsWith("/control/") ? choose(next()) : undefined;
      counts[mishap ?? "passed"]++;
      try {
        if (mishap === "lost") return gone();
        if (mishap === "doubled") void send().then(consume, () => {});
        // What comes late comes twice, too: the sender has given up on it and sent it again by then.
        if (mishap === "late") setTimeout(() => void send().then(consume, () => {}), 200 + next() * 2000);
        const answer = await send();
        if (mishap === "answerLost") {
          await consume(answer);
          return gone();
        }
        return new Response(answer.body, { status: answer.status, headers: answer.headers });
      } catch {
        return gone();
      }
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    counts,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function choose(at: number): Mishap | undefined {
  let left = at * 1000;
  for (const [mishap, share] of Object.entries(shares) as [Mishap, number][]) {
    left -= share;
    if (left < 0) return mishap;
  }
  return undefined;
}

/** No answer that means anything: a gateway's word for a connection that broke. */
const gone = () => new Response(null, { status: 502 });
const consume = (answer: Response) => answer.arrayBuffer().then(() => {});
