import { expect, test } from "bun:test";
import type { Socket } from "bun";
import { parseAddress } from "./address.ts";
import { bunHost } from "./host/bun.ts";
import { createHttpClient } from "./http.ts";

/** A server that says to each request, by its number, exactly these bytes; nothing said is a closed connection. */
function saying(...answers: string[][]) {
  let requests = 0;
  let connections = 0;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: () => void connections++,
      async data(socket: Socket) {
        const pieces = answers[requests++] ?? [];
        if (pieces.length === 0) return void socket.end();
        for (const piece of pieces) {
          socket.write(piece);
          socket.flush();
          await Bun.sleep(2);
        }
      },
    },
  });
  const client = createHttpClient(bunHost(), parseAddress(`http://127.0.0.1:${server.port}`), 150);
  return {
    post: () => client.post("/", {}, new Uint8Array([1, 2, 3])),
    connections: () => connections,
    [Symbol.dispose]() {
      client.close();
      server.stop(true);
    },
  };
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

test("an answer in pieces is put together, and the connection used again", async () => {
  using server = saying(["HT", "TP/1.1 204 No Content\r", "\n\r", "\n"], [ok]);
  expect([await server.post(), await server.post()]).toEqual([204, 200]);
  expect(server.connections()).toBe(1);
});

test("a connection that was closed while idle is opened again, without a failure", async () => {
  using server = saying([ok], [], [ok]);
  expect([await server.post(), await server.post()]).toEqual([200, 200]);
  expect(server.connections()).toBe(2);
});

test("a connection closed before the first answer is a failure", async () => {
  using server = saying([]);
  await expect(server.post()).rejects.toThrow("closed before the answer");
});

test.each([
  ["says it closes", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"],
  ["speaks HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"],
  ["sends chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"],
  ["sends a long body", "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"],
  ["does not tell the length", "HTTP/1.1 200\r\n\r\nbody"],
])("a connection whose server %s is not used again", async (_, answer) => {
  using server = saying([answer], [ok]);
  expect([await server.post(), await server.post()]).toEqual([200, 200]);
  expect(server.connections()).toBe(2);
});

test("an interim answer is not the answer", async () => {
  using server = saying(["HTTP/1.1 100 Continue\r\n\r\n", ok]);
  expect(await server.post()).toBe(200);
});

test("interim answers without end are not waited for", async () => {
  using server = saying(["HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000)]);
  await expect(server.post()).rejects.toThrow("head is too long");
});

test("what is not HTTP is said to be that", async () => {
  using server = saying(["SSH-2.0-OpenSSH_9.6\r\n\r\n"]);
  await expect(server.post()).rejects.toThrow("not HTTP");
});

test("a head without end is cut off", async () => {
  using server = saying(["HTTP/1.1 200 OK\r\nX: ", "x".repeat(20_000)]);
  await expect(server.post()).rejects.toThrow("head is too long");
});

test("half an answer is waited for, but not for ever", async () => {
  using server = saying(["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"]);
  await expect(server.post()).rejects.toThrow("no answer within 0.15 s");
});

test("a client that was closed while it connects leaves no connection behind", async () => {
  using server = saying([ok]);
  const connecting = server.post();
  server[Symbol.dispose]();
  await expect(connecting).rejects.toThrow();
});
