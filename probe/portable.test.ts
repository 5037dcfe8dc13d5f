import { expect, test } from "bun:test";
import { createContext, runInContext } from "node:vm";
import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import { config } from "./testing/config.ts";
import { fixtureHost, loadFixture } from "./testing/fixture.ts";

/** What the language itself gives, in ES2023: QuickJS has no more. */
const language = new Set(
  `Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise
  RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON
  Math Intl ArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array
  Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet WeakRef
  FinalizationRegistry Proxy Reflect decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape
  eval isFinite isNaN SharedArrayBuffer`.split(/\s+/),
);

test("the probe runs where there is nothing but the language and its host", async () => {
  const built = await Bun.build({
    entrypoints: [new URL("start.ts", import.meta.url).pathname],
    target: "browser",
    format: "cjs",
  });
  const source = await built.outputs[0]!.text();
  const sandbox = createContext({ exports: {}, module: { exports: {} } });
  const extra = runInContext("Object.getOwnPropertyNames(globalThis)", sandbox) as string[];
  for (const name of extra)
    if (!language.has(name) && name !== "module" && name !== "exports")
      runInContext(`delete globalThis[${JSON.stringify(name)}]`, sandbox);
  for (const name of [
    "TextEncoder",
    "Buffer",
    "process",
    "URL",
    "setTimeout",
    "performance",
    "fetch",
    "console",
  ])
    expect(runInContext(`typeof ${name}`, sandbox)).toBe("undefined");

  runInContext(source, sandbox);
  const { startProbe } = (runInContext("module.exports", sandbox) as typeof import("./start.ts")) ?? {};
  const machine = fixtureHost(loadFixture("raspberry-pi-4"));
  const timers: { ms: number; run: () => void }[] = [];
  let arrived = (_: Uint8Array) => {};
  const probe = startProbe(config, {
    ...machine,
    after(ms, run) {
      timers.push({ ms, run });
      return () => {};
    },
    async connect(_address, _port, _timeoutMs, events) {
      return {
        send(bytes) {
          arrived(bytes);
          events.received(new Uint8Array(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
        },
        close: () => events.closed(),
      };
    },
  });
  const request = new Promise<Uint8Array>((resolve) => {
    arrived = resolve;
  });
  await Bun.sleep(0);
  machine.pass(5000);
  timers.find((one) => one.ms === 1000)!.run();
  const bytes = Buffer.from(await request);
  await probe.stop();

  const end = bytes.indexOf("\r\n\r\n");
  expect(bytes.subarray(0, end).toString()).toStartWith(
    "POST /ingest/metrics/v1/snapshot HTTP/1.1\r\nHost: 127.0.0.1:8082",
  );
  const snapshot: NodeMetricsSnapshot = JSON.parse(
    Buffer.from(Bun.gunzipSync(bytes.subarray(end + 4))).toString(),
  );
  expect(snapshot).toMatchObject({
    nodeName: "node-1",
    cpu: { usage: 0.086 },
    temperature: { cpuDegrees: 52.6 },
  });
  expect(snapshot.collectors!.filter((one) => one.error !== undefined)).toEqual([]);
});
