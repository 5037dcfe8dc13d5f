import { rmSync } from "node:fs";
import type { Server } from "bun";
import { ownTarget } from "../probe/native/make/targets.ts";
import { loadFixture } from "../probe/testing/fixture.ts";
import { looksOf, toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { handles, memoryMB } from "./samples/process.ts";

/**
 * Whether the native probe grows: `bun bench/probe-long.ts [pushes]`, 3,000 by default; 86,400 are five days' worth.
 * It pushes a recorded machine as fast as it goes, and the receiver is killed twice and comes back. Prints
 * `name value unit` lines.
 */
const pushes = Number(process.argv[2] ?? 3000);
const warmUp = Math.min(1000, Math.floor(pushes / 3));
const awayMs = 1500;

let arrived = 0;
let bytes = 0;

function receiver(port: number): Server<undefined> {
  return Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request) {
      bytes += (await request.arrayBuffer()).byteLength;
      arrived++;
      return Response.json({ ok: true });
    },
  });
}

async function until(count: number): Promise<void> {
  while (arrived < count) {
    if (child.exitCode !== null) throw new Error(`the probe ended with ${child.exitCode}`);
    await Bun.sleep(20);
  }
}

const toolchain = toolchainOrReason();
if (toolchain === undefined) process.exit(0);
using shop = workshop(toolchain);
const entry = new URL("../probe/testing/hurried-native.ts", import.meta.url).pathname;
const { now, later } = looksOf(loadFixture("raspberry-pi-4"), shop.folder);
rmSync(later, { recursive: true });
let server = receiver(0);
const port = server.port!;
const child = shop.start(await shop.program(entry, ownTarget()!), {
  ATLHYPER_AGENT_URL: `http://127.0.0.1:${port}`,
  ATLHYPER_PROC_ROOT: `${now}/proc`,
  ATLHYPER_SYS_ROOT: `${now}/sys`,
  ATLHYPER_HOST_ROOT: now,
});
const said = new Response(child.stderr).text();

await until(warmUp);
const before = { memory: memoryMB(child.pid), handles: handles(child.pid), at: performance.now() };
for (const share of [1 / 3, 2 / 3]) {
  await until(warmUp + (pushes - warmUp) * share);
  await server.stop(true);
  await Bun.sleep(awayMs);
  server = receiver(port);
}
await until(pushes);
const after = { memory: memoryMB(child.pid), handles: handles(child.pid), at: performance.now() };
const kB = (mb: number) => Math.round(mb * 1024);

const print = (name: string, value: number, unit: string) =>
  console.log(`${name} ${Number(value.toFixed(3))} ${unit}`);
print("pushes", arrived, "count");
print("pushes_per_second", ((pushes - warmUp) / (after.at - before.at)) * 1000, "1/s");
print("push_size", bytes / arrived, "bytes");
print("anonymous_after_warm_up", kB(before.memory.anonymous), "KB");
print("anonymous_growth", kB(after.memory.anonymous - before.memory.anonymous), "KB");
print("rss_growth", kB(after.memory.all - before.memory.all), "KB");
print("handles_before", before.handles, "count");
print("handles_after", after.handles, "count");
child.kill();
await child.exited;
await server.stop(true);
const lost = (await said).match(/snapshot not delivered/g)?.length ?? 0;
print("times_away_told", lost, "count");
