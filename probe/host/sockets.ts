import type { Connection, ConnectionEvents } from "../host.ts";
import type { Native } from "./native.ts";
import type { Timers } from "./timers.ts";

/** TCP and UDP by what the C part gives. Addresses are in digits. */
export interface Sockets {
  /** Rejects with why there is no connection, or when there is none within the time. */
  connect(address: string, port: number, timeoutMs: number, events: ConnectionEvents): Promise<Connection>;
  /** Sends a datagram; the first answer of which `accept` makes something, undefined when none comes in time. */
  ask<T>(
    address: string,
    port: number,
    request: Uint8Array,
    timeoutMs: number,
    accept: (answer: Uint8Array) => T | undefined,
  ): Promise<T | undefined>;
  /** To be called when `wait` gave this socket. */
  ready(socket: number): void;
}

export function createSockets(native: Native, { after }: Timers): Sockets {
  const whenReady = new Map<number, () => void>();

  function open(address: string, port: number, datagram: boolean, ready: (socket: number) => void): number {
    const socket = native.open(address, port, datagram);
    whenReady.set(socket, () => ready(socket));
    return socket;
  }

  function close(socket: number): void {
    whenReady.delete(socket);
    native.close(socket);
  }

  return {
    connect: (address, port, timeoutMs, events) =>
      new Promise((resolve, reject) => {
        const fail = (socket: number, error: unknown) => {
          cancel();
          close(socket);
          reject(error);
        };
        const socket = open(address, port, false, () => {
          try {
            native.connected(socket);
          } catch (error) {
            fail(socket, error);
            return;
          }
          cancel();
          resolve(connection(socket, events));
        });
        const cancel = after(timeoutMs, () =>
          fail(socket, new Error(`none within ${Math.round(timeoutMs / 100) / 10} s`)),
        );
      }),
    ask: (address, port, request, timeoutMs, accept) =>
      new Promise((resolve) => {
        const socket = open(address, port, true, () => {
          const answer = native.receive(socket);
          if (answer === undefined) return;
          const told = answer === null ? undefined : accept(answer);
          // What is not an answer to this question is left, so that nobody can push the real one aside.
          if (answer === null || told !== undefined) end(told);
        });
        const end = (told: ReturnType<typeof accept>) => {
          cancel();
          close(socket);
          resolve(told);
        };
        const cancel = after(timeoutMs, () => end(undefined));
        try {
          native.send(socket, request, 0);
        } catch {
          end(undefined);
        }
      }),
    ready: (socket) => whenReady.get(socket)?.(),
  };

  function connection(socket: number, events: ConnectionEvents): Connection {
    const unsent: Uint8Array[] = [];
    let sent = 0;
    let open = true;

    function end(): void {
      if (!open) return;
      open = false;
      close(socket);
      events.closed();
    }

    function flush(): void {
      try {
        while (unsent[0]) {
          sent += native.send(socket, unsent[0], sent);
          if (sent < unsent[0].length) return;
          unsent.shift();
          sent = 0;
        }
      } catch {
        end();
      }
    }

    whenReady.set(socket, () => {
      const bytes = native.receive(socket);
      if (bytes) events.received(bytes);
      else if (bytes === null) end();
      if (open && unsent.length > 0) flush();
    });
    return {
      send(bytes) {
        if (!open) return;
        unsent.push(bytes);
        if (unsent.length === 1) flush();
      },
      close: end,
    };
  }
}
