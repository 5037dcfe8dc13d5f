import { closeSync, openSync, readdirSync, readlinkSync, readSync, statfsSync } from "node:fs";
import { hostname } from "node:os";
import type { Connection, ConnectionEvents, FilesystemSize, Host } from "../host.ts";
import { gzip } from "./gzip.ts";
import { withinRoots } from "./within.ts";

const longestFile = 4 * 2 ** 20;

/** The machine, seen through Bun; of files in a root none that a link leads out of it to. */
export function bunHost(roots: readonly string[] = []): Host {
  const within = withinRoots(roots);
  // One buffer for all reads: a sample reads some hundred small files, and should leave no garbage of theirs.
  let buffer = Buffer.allocUnsafeSlow(64 * 2 ** 10);

  function readToEnd(file: number): string {
    let length = 0;
    for (;;) {
      if (length === buffer.length) {
        if (length >= longestFile) break;
        const larger = Buffer.allocUnsafeSlow(length * 2);
        buffer.copy(larger);
        buffer = larger;
      }
      const read = readSync(file, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return buffer.toString("utf8", 0, length);
  }

  return {
    readText(path) {
      if (!within(path)) return undefined;
      let file: number | undefined;
      try {
        file = openSync(path, "r");
        return readToEnd(file);
      } catch {
        return undefined;
      } finally {
        if (file !== undefined) closeSync(file);
      }
    },
    list: (path) => (within(path) ? orUndefined(() => readdirSync(path)) : undefined),
    readLink: (path) => orUndefined(() => readlinkSync(path)),
    statfs: (path) => (within(path) ? orUndefined(() => filesystemSize(path)) : undefined),
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    connect,
    gzip,
    environment: () => process.env,
    hostname,
    printError: (line) => void process.stderr.write(`${line}\n`),
  };
}

function orUndefined<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function filesystemSize(path: string): FilesystemSize {
  const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(path);
  return {
    total: blocks * bsize,
    free: bfree * bsize,
    available: bavail * bsize,
    inodes: files,
    inodesFree: ffree,
  };
}

function connect(
  address: string,
  port: number,
  timeoutMs: number,
  events: ConnectionEvents,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let unsent: Uint8Array | undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error(`none within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    Bun.connect({
      hostname: address,
      port,
      socket: {
        binaryType: "uint8array",
        open(socket) {
          clearTimeout(timer);
          if (late) {
            socket.terminate();
            return;
          }
          socket.setNoDelay(true);
          const send = (bytes: Uint8Array) => {
            if (unsent !== undefined) unsent = joined(unsent, bytes);
            else {
              const sent = Math.max(0, socket.write(bytes));
              if (sent < bytes.length) unsent = bytes.subarray(sent);
            }
          };
          resolve({ send, close: () => socket.terminate() });
        },
        drain(socket) {
          if (unsent === undefined) return;
          const sent = Math.max(0, socket.write(unsent));
          unsent = sent < unsent.length ? unsent.subarray(sent) : undefined;
        },
        data: (_, bytes) => events.received(bytes),
        close: () => events.closed(),
        connectError: (_, error) => fail(error),
      },
    }).catch(fail);
  });
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
