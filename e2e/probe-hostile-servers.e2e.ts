import { afterAll, beforeAll, expect, test } from "bun:test";
import { bunHost } from "../probe/host/bun.ts";
import { probeEntry, sanitizerOptions, toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { ownTarget } from "../probe/native/make/targets.ts";

/** Servers that mean harm, on the probe built with the address and undefined behaviour sanitizers. */
const toolchain = toolchainOrReason();
const shop = toolchain === undefined ? undefined : workshop(toolchain);
afterAll(() => shop?.[Symbol.dispose]());
let probe: string[] = [];
beforeAll(async () => {
  if (shop) probe = await shop.program(probeEntry, ownTarget()!, "sanitized");
}, 240_000);

const host = bunHost();
/** The least of some looks: in between a file may be open. */
async function handles(pid: number): Promise<number> {
  const looks: number[] = [];
  for (let count = 0; count < 10; count++) {
    looks.push(host.list(`/proc/${pid}/fd`)?.length ?? 0);
    await Bun.sleep(20);
  }
  return Math.min(...looks);
}
const residentMB = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(host.readText(`/proc/${pid}/status`) ?? "")?.[1]) / 1024;
const noise = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const fine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

interface Attacker {
  write(data: string | Uint8Array): unknown;
  end(): unknown;
  terminate(): unknown;
}

/** What a server does when a request has begun to arrive, how often, and what the probe is to say of it. */
const attacks: Record<string, { answer: (socket: Attacker) => unknown; complaint: RegExp; times?: number }> =
  {
    "closes at once": { answer: (socket) => socket.end(), complaint: /closed before the answer/ },
    "breaks the connection": {
      answer: (socket) => socket.terminate(),
      complaint: /closed before the answer/,
    },
    "answers a part of a head and closes": {
      answer: (socket) => [socket.write("HTTP/1.1 200 OK\r\nConte"), socket.end()],
      complaint: /closed before the answer/,
    },
    "answers noise": { answer: (socket) => socket.write(`${noise(500)}\r\n\r\n`), complaint: /not HTTP/ },
    "answers raw noise without an end": {
      answer: (socket) => socket.write(noise(40_000).map((byte) => byte & 0xf7)),
      complaint: /head is too long/,
    },
    "answers a head without an end": {
      answer: (socket) => socket.write(`HTTP/1.1 200 OK\r\n${"X-More: of the same\r\n".repeat(2000)}`),
      complaint: /head is too long/,
    },
    "answers NULs": {
      answer: (socket) => socket.write(new Uint8Array(100_000)),
      complaint: /head is too long/,
    },
    "refuses with a huge number": {
      answer: (socket) => socket.write("HTTP/1.1 999 \r\nContent-Length: 999999999\r\n\r\n"),
      complaint: /answered 999/,
    },
    "promises a body that is cut": {
      answer: (socket) => [socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"), socket.end()],
      complaint: /closed before the answer/,
    },
    "says nothing": { answer: () => {}, complaint: /no answer within 10 s/, times: 1 },
    "answers a byte now and then": {
      answer: (socket) => void drip(socket),
      complaint: /no answer within 10 s/,
      times: 1,
    },
  };

async function drip(socket: Attacker): Promise<void> {
  for (const byte of "HTTP/1.1 200 OK\r\nX-Slow: yes\r\n") {
    socket.write(byte);
    await Bun.sleep(700);
  }
}

/** A probe at a server of its own, which does harm so many times and answers well from then on. */
function attack(answer: (socket: Attacker) => unknown, times: number) {
  const state = { delivered: 0, asked: 0 };
  const server = Bun.listen<undefined>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        state.asked++;
        if (state.asked <= times) answer(socket);
        else {
          state.delivered++;
          socket.write(fine);
        }
      },
    },
  });
  const process = shop!.start(probe, {
    ...sanitizerOptions,
    ATLHYPER_AGENT_URL: `http://127.0.0.1:${server.port}`,
    ATLHYPER_PUSH_INTERVAL: "1s",
  });
  return { state, server, process, errors: new Response(process.stderr).text() };
}

async function until(what: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!what() && performance.now() < end) await Bun.sleep(50);
  if (!what()) throw new Error("it did not come to that");
}

test.skipIf(!shop)(
  "whatever a server does, the probe says so, and delivers as soon as it can",
  async () => {
    const running = Object.entries(attacks).map(([name, { answer, complaint, times = 2 }]) => ({
      name,
      complaint,
      ...attack(answer, times),
    }));
    await Promise.all(running.map(({ state }) => until(() => state.delivered > 1, 60)));
    for (const { process } of running) expect(await handles(process.pid)).toBeLessThanOrEqual(8);
    for (const { name, complaint, process, server, errors } of running) {
      process.kill();
      expect([name, await process.exited]).toEqual([name, 0]);
      expect([name, await errors]).toEqual([name, expect.stringMatching(complaint)]);
      server.stop(true);
    }
  },
  240_000,
);

test.skipIf(!shop)(
  "answers that are huge, or without end, take no memory",
  async () => {
    const flood = new Uint8Array(1 << 20).fill(65);
    let sent = 0;
    const pour = (socket: Attacker) => {
      for (let size = 1; size > 0 && sent < 2 ** 30; sent += Math.max(0, size))
        size = socket.write(flood) as number;
    };
    const always = Number.POSITIVE_INFINITY;
    const heads = [
      "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    ];
    const running = [
      ...heads.map((head) => attack((socket) => [socket.write(head), pour(socket)], always)),
      attack(pour, always),
      attack((socket) => socket.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000)), always),
      attack((socket) => socket.write(fine.repeat(10_000)), always),
    ];
    // Once it has been at it for a while, however slow the machine: a new process still takes its first memory.
    await Promise.all(running.map(({ state }) => until(() => state.asked > 2, 60)));
    const before = running.map(({ process }) => residentMB(process.pid));
    await Bun.sleep(5000);
    for (const [index, { process, server, errors }] of running.entries()) {
      expect(process.exitCode).toBeNull();
      expect(residentMB(process.pid) - before[index]!).toBeLessThan(3);
      process.kill();
      expect([await process.exited, await errors]).toEqual([0, expect.stringContaining("probe stopped")]);
      server.stop(true);
    }
  },
  240_000,
);
