import type { Host } from "../host.ts";
import type { Native } from "./native.ts";
import { createResolver } from "./resolver.ts";
import { createSockets } from "./sockets.ts";
import { createTimers } from "./timers.ts";

/** The machine, seen through the C part. */
export interface QuickJsHost extends Host {
  /**
   * Does one thing that is due, or waits until one is. What it leaves to promises is done before the next turn.
   * True when the process was told to stop meanwhile.
   */
  turn(): boolean;
}

const toldToStop = -2;

export function quickJsHost(native: Native): QuickJsHost {
  const timers = createTimers(native);
  const sockets = createSockets(native, timers);
  const resolve = createResolver(native, sockets);

  return {
    readText: (path) => native.readText(path),
    list: (path) => native.list(path),
    readLink: (path) => native.readLink(path),
    statfs: (path) => native.statfs(path),
    monotonicMs: () => native.monotonicMs(),
    wallMs: () => native.wallMs(),
    after: timers.after,
    async connect(name, port, timeoutMs, events) {
      const deadline = native.monotonicMs() + timeoutMs;
      const addresses = await resolve(name, deadline);
      let reason: unknown;
      for (const [index, address] of addresses.entries()) {
        // Each gets its share, so that one that is silent does not take the time of those behind it.
        const share = (deadline - native.monotonicMs()) / (addresses.length - index);
        try {
          return await sockets.connect(address, port, share, events);
        } catch (error) {
          reason = error;
        }
      }
      throw reason;
    },
    gzip: (text) => native.gzip(text),
    environment() {
      const pairs = native.environment().map((one) => {
        const equals = one.indexOf("=");
        return [one.slice(0, equals), one.slice(equals + 1)] as const;
      });
      return Object.fromEntries(pairs);
    },
    hostname: () => native.hostname(),
    printError: (line) => native.printError(`${line}\n`),
    turn() {
      const wait = timers.next();
      if (wait === undefined) return false;
      const ready = native.wait(wait);
      if (ready >= 0) sockets.ready(ready);
      return ready === toldToStop;
    },
  };
}
