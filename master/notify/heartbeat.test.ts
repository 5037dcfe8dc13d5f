import { expect, test } from "bun:test";
import { readMasterConfig } from "../config.ts";
import { startTestMaster } from "../harness.ts";
import { trustedProxies } from "../trusted-proxies.ts";
import { startHeartbeat } from "./heartbeat.ts";

const until = async (is: () => boolean) => {
  for (let at = 0; at < 200 && !is(); at++) await Bun.sleep(20);
  expect(is()).toBe(true);
};

test("while a master is well it says so at its interval, and a switch that does not hear it is logged without its address", async () => {
  let status = 200;
  const heard: string[] = [];
  using receiver = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      heard.push(`${request.method} ${new URL(request.url).pathname}`);
      // As many servers do.
      return new Response(`Cannot POST ${new URL(request.url).pathname}`, { status });
    },
  });
  const config = {
    heartbeatUrl: `http://127.0.0.1:${receiver.port}/ping/a-secret`,
    heartbeatEveryMs: 50,
    notifyPrivate: trustedProxies(["127.0.0.1"]),
  };
  const master = await startTestMaster(config);
  await until(() => heard.length >= 3);
  expect(new Set(heard)).toEqual(new Set(["POST /ping/a-secret"]));
  status = 500;
  const said = () => master.lines.filter((line) => line.message.includes("dead man"));
  await until(() => said().length > 0);
  await Bun.sleep(200);
  expect(master.parts.heartbeat()).toMatchObject({ on: true, why: expect.stringContaining("500") });
  expect(JSON.stringify(master.parts.heartbeat())).not.toContain("a-secret");
  // Once, not with every beat, and again when it hears.
  expect(said()).toMatchObject([{ level: "warn" }]);
  status = 200;
  await until(() => said().length > 1);
  expect(said()).toMatchObject([{ level: "warn" }, { level: "info" }]);
  expect(JSON.stringify(master.lines)).not.toContain("a-secret");
  await master.stop();
  const count = heard.length;
  await Bun.sleep(400);
  // One may have been under way.
  expect(heard.length).toBeLessThanOrEqual(count + 1);
});

test("a master that is not well says nothing, and none that hangs is joined by another", async () => {
  let well = false;
  let sent = 0;
  const { promise, resolve } = Promise.withResolvers<{ ok: boolean; text: string }>();
  const stop = startHeartbeat({
    url: "https://example.org/ping",
    everyMs: 5,
    post() {
      sent++;
      return promise;
    },
    well: () => well,
    told: () => undefined,
  });
  await Bun.sleep(50);
  expect(sent).toBe(0);
  well = true;
  await Bun.sleep(50);
  expect(sent).toBe(1);
  stop();
  resolve({ ok: true, text: "" });
});

test("an address that is none is refused at the start, and not repeated", () => {
  try {
    readMasterConfig({ ATLHYPER_HEARTBEAT_URL: "ftp://user:hidden@example.org" });
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message).toContain("ATLHYPER_HEARTBEAT_URL");
    expect((error as Error).message).not.toContain("hidden");
  }
});
