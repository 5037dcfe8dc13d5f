/** A TCP proxy on 127.0.0.1 that counts what goes through it, both ways, as the wire carries it. */
export interface Meter extends Disposable {
  readonly port: number;
  bytes(): number;
}

interface Side {
  other?: Bun.Socket<Side>;
  waiting: Uint8Array[];
}

export function meter(target: { hostname: string; port: number }): Meter {
  let total = 0;
  const drain = (socket: Bun.Socket<Side>) => {
    for (let chunk = socket.data.waiting.shift(); chunk; chunk = socket.data.waiting.shift()) {
      const written = socket.write(chunk);
      if (written < chunk.length) {
        socket.data.waiting.unshift(chunk.subarray(Math.max(0, written)));
        return;
      }
    }
  };
  const pass = (to: Bun.Socket<Side> | undefined, chunk: Uint8Array, own: Side) => {
    total += chunk.length;
    if (!to) own.waiting.push(Uint8Array.from(chunk));
    else {
      to.data.waiting.push(Uint8Array.from(chunk));
      drain(to);
    }
  };
  const server = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async open(socket) {
        const early: Side = { waiting: [] };
        socket.data = early;
        const upstream = await Bun.connect<Side>({
          ...target,
          socket: {
            data: (from, chunk) => pass(from.data.other, chunk, from.data),
            drain,
            close: (from) => void from.data.other?.end(),
          },
          data: { other: socket, waiting: [] },
        });
        upstream.data.waiting.push(...early.waiting.splice(0));
        socket.data.other = upstream;
        drain(upstream);
      },
      data: (socket, chunk) => pass(socket.data.other, chunk, socket.data),
      drain,
      close: (socket) => void socket.data.other?.end(),
    },
  });
  return { port: server.port, bytes: () => total, [Symbol.dispose]: () => server.stop(true) };
}
