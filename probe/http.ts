import { strToU8 } from "fflate";
import type { Address } from "./address.ts";
import type { Connection, Host } from "./host.ts";
import { type Head, parseHead } from "./httphead.ts";

/** Requests to one server over one connection that is kept (HTTP/1.1, RFC 9112), no more than one at a time. */
export interface HttpClient {
  /** The answer's status, whatever it is. Rejects when there is none: no connection, or not in time. */
  post(path: string, headers: Record<string, string>, body: Uint8Array): Promise<number>;
  close(): void;
}

/** The connection ended before an answer came. */
class Closed extends Error {}

interface Exchange {
  head?: Head;
  received: Uint8Array;
  answer(status: number): void;
  fail(error: Error): void;
}

const longestHead = 16 * 2 ** 10;
const longestBody = 64 * 2 ** 10;

/** Only the status of an answer is of interest here; a body is read so that the connection can be used again. */
export function createHttpClient(host: Host, address: Address, timeoutMs: number): HttpClient {
  let connection: Connection | undefined;
  let exchange: Exchange | undefined;
  let stopped = false;

  function drop(): void {
    const dropped = connection;
    // First, since closing tells so at once.
    connection = undefined;
    dropped?.close();
  }

  function settle(how: (one: Exchange) => void): void {
    const one = exchange;
    exchange = undefined;
    if (one) how(one);
  }

  function fail(message: string): void {
    drop();
    settle((one) => one.fail(new Error(message)));
  }

  function received(bytes: Uint8Array): void {
    if (!exchange) {
      drop(); // An answer that nobody asked for.
      return;
    }
    exchange.received = joined(exchange.received, bytes);
    if (!exchange.head) {
      exchange.head = parseHead(exchange.received);
      if (!exchange.head) {
        if (exchange.received.length > longestHead) fail("the answer's head is too long");
        return;
      }
    }
    const { status, end, length, keep } = exchange.head;
    if (status === 0) {
      fail("the answer is not HTTP");
      return;
    }
    const reusable = keep && length !== undefined && length <= longestBody;
    if (reusable && exchange.received.length < end + length) return;
    if (!reusable) drop();
    settle((one) => one.answer(status));
  }

  async function connect(): Promise<Connection> {
    let opened: Connection | undefined;
    let ended = false;
    const events = {
      received(bytes: Uint8Array) {
        if (opened !== undefined && connection === opened) received(bytes);
      },
      closed() {
        ended = true;
        if (opened === undefined || connection !== opened) return;
        connection = undefined;
        settle((one) => one.fail(new Closed("the connection was closed before the answer")));
      },
    };
    try {
      opened = await host.connect(address.host, address.port, timeoutMs, events);
    } catch (error) {
      throw new Error(`no connection to ${address.authority}: ${(error as Error).message}`);
    }
    if (stopped) opened.close();
    if (stopped || ended) throw new Closed("the connection was closed before the request");
    connection = opened;
    return opened;
  }

  function ask(over: Connection, request: Uint8Array): Promise<number> {
    return new Promise((answer, reject) => {
      const cancel = host.after(timeoutMs, () => fail(`no answer within ${timeoutMs / 1000} s`));
      exchange = {
        received: new Uint8Array(0),
        answer(status) {
          cancel();
          answer(status);
        },
        fail(error) {
          cancel();
          reject(error);
        },
      };
      over.send(request);
    });
  }

  return {
    async post(path, headers, body) {
      const head = [
        `POST ${address.path}${path} HTTP/1.1`,
        `Host: ${address.authority}`,
        `Content-Length: ${body.length}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ];
      const request = joined(strToU8(`${head.join("\r\n")}\r\n\r\n`), body);
      if (connection) {
        try {
          return await ask(connection, request);
        } catch (error) {
          // A server closes connections that were idle, maybe in the moment in which one writes (RFC 9112, 9.3.1).
          if (!(error instanceof Closed)) throw error;
        }
      }
      return ask(await connect(), request);
    },
    close() {
      stopped = true;
      fail("the probe stops");
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
