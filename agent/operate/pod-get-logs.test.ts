import { afterAll, expect, test } from "bun:test";
import { startSimKube } from "../../simkube/server.ts";
import { tokenAccess } from "../kube/access.ts";
import { KubeClient } from "../kube/client.ts";
import { LogTail, logText, mostLineBytes, mostLogBytes } from "./log-tail.ts";
import type { OperationContext } from "./operation.ts";
import { podGetLogs } from "./pod-get-logs.ts";

/** What the API server would send for the log of a pod of this name, whatever it is. */
const logs: Record<string, Uint8Array | string> = {};
let asked = new URLSearchParams();
const simkube = await startSimKube({
  intercept(request) {
    const url = new URL(request.url);
    const pod = /\/pods\/([^/]+)\/log$/.exec(url.pathname)?.[1];
    const log = pod === undefined ? undefined : logs[pod];
    asked = url.searchParams;
    return log === undefined ? undefined : new Response(log as string);
  },
});
afterAll(() => simkube.stop());
const client = new KubeClient(tokenAccess(simkube.url, simkube.token));

const read = (pod: string, args: Record<string, unknown> = {}) =>
  podGetLogs.run({
    client,
    command: { id: "1", type: "PodGetLogs", target: { ns: "default", pod }, args },
    signal: AbortSignal.timeout(5000),
  } as Partial<OperationContext> as OperationContext);

test("the log is the message, asked for as AtlHyper 1.x asks", async () => {
  logs.web = "one\ntwo\n";
  expect(await read("web", { container: "main", tailLines: "2", previous: true })).toEqual({
    message: "one\ntwo\n",
    data: { bytes: 8, cut: false, mostBytes: mostLogBytes },
    verified: "none",
  });
  expect(Object.fromEntries(asked)).toEqual({ container: "main", tailLines: "2", previous: "true" });
});

test("without a bound the last 1000 lines are read, and since a moment all of them", async () => {
  logs.web = "one\n";
  await read("web");
  expect(asked.get("tailLines")).toBe("1000");
  await read("web", { sinceSeconds: 60 });
  expect(asked.get("tailLines")).toBeNull();
});

test("of a long log the end is kept, from a whole line on, and that it was cut is said", async () => {
  const count = 200_000;
  logs.long = Array.from({ length: count }, (_, at) => `line ${at}\n`).join("");
  const { message, data } = await read("long");
  expect(data).toMatchObject({ bytes: logs.long.length, cut: true });
  expect(message.length).toBeLessThanOrEqual(mostLogBytes);
  expect(message).toMatch(/^line \d+\n/);
  expect(message.endsWith(`line ${count - 1}\n`)).toBe(true);
  expect(logs.long.endsWith(message)).toBe(true);
});

test("a line of 10 MB comes out short and says so", async () => {
  logs.line = `${"x".repeat(10_000_000)}\nafter\n`;
  const { message, data } = await read("line");
  expect(data).toMatchObject({ cut: true });
  expect(message).toBe("after\n");
  logs.open = "x".repeat(10_000_000);
  const open = (await read("open")).message;
  expect(open.length).toBeLessThan(mostLineBytes + 100);
  expect(open).toEndWith(`… [${mostLogBytes - mostLineBytes} bytes more]`);
});

test("binary and invalid UTF-8 become text that JSON carries unchanged", async () => {
  logs.binary = Uint8Array.from({ length: 65_536 }, (_, at) => (at * 7919 + (at >> 3)) & 255);
  const { message } = await read("binary");
  expect(message).not.toContain("\0");
  expect(JSON.parse(JSON.stringify(message))).toBe(message);
  expect(Buffer.from(message).toString()).toBe(message);
});

test("text goes through as it is, whichever chunks it comes in", () => {
  const text = "naïve 日志\n\nlast without an end 🙂";
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size < 9; size++) {
    const tail = new LogTail();
    for (let at = 0; at < bytes.length; at += size) tail.feed(bytes.subarray(at, at + size));
    expect(logText(tail.bytes())).toBe(text);
  }
});

test("what is kept never grows far beyond its bound", () => {
  const tail = new LogTail(100);
  for (let at = 0; at < 1000; at++) tail.feed(new TextEncoder().encode(`${at}\n`));
  expect(new TextDecoder().decode(tail.bytes())).toMatch(/^\d+\n[\s\S]*999\n$/);
  expect(tail.bytes().length).toBeLessThanOrEqual(100);
});

test("a pod that is not there, and a container that must be named, are told in the API server's words", async () => {
  expect(read("none")).rejects.toThrow('pods "none" not found');
  simkube.rest.create((await import("../../simkube/kinds.ts")).kinds.pods, "default", {
    metadata: { name: "two" },
    spec: {
      containers: [
        { name: "a", image: "i" },
        { name: "b", image: "i" },
      ],
    },
  });
  expect(read("two")).rejects.toThrow("a container name must be specified");
});
