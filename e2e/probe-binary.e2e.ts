import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../wire/version.ts";
import { probeVariables } from "../probe/config.ts";
import { fakeAgent } from "../probe/testing/agent.ts";
import { loadFixture } from "../probe/testing/fixture.ts";
import { looksOf, probeEntry, targetsThatRun, toolchainOrReason, workshop } from "../probe/testing/native.ts";
import { ownTarget } from "../probe/native/make/targets.ts";

/** The probe's binary as it is released. */
const toolchain = toolchainOrReason();
const shop = toolchain === undefined ? undefined : workshop(toolchain);
afterAll(() => shop?.[Symbol.dispose]());
let probe: string[] = [];
beforeAll(async () => {
  if (shop) probe = await shop.program(probeEntry, ownTarget()!);
}, 240_000);

const onBun = [process.execPath, new URL("../main.ts", import.meta.url).pathname, "probe"];

/** The second envelope that a probe posts, as text, without what depends on the moment: times, and disks that fill. */
async function envelopeOf(words: string[], environment: Record<string, string>): Promise<string> {
  const texts: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      texts.push(new TextDecoder().decode(Bun.gunzipSync(await request.arrayBuffer())));
      if (texts.length === 2) resolve();
      return Response.json({ ok: true });
    },
  });
  const url = `http://127.0.0.1:${server.port}`;
  const child = shop!.start(words, { ...environment, ATLHYPER_AGENT_URL: url, ATLHYPER_PUSH_INTERVAL: "1s" });
  await promise;
  child.kill();
  await child.exited;
  await server.stop(true);
  return texts[1]!
    .replace(/"timestamp":"[^"]+"/, '"timestamp":"T"')
    .replace(/"ms":[\d.]+/g, '"ms":0')
    .replace(/"disk":\[.*?\],"diskIO"/, '"diskIO"');
}

test.skipIf(!shop)(
  "what is posted is what the probe on Bun posts, byte for byte",
  async () => {
    const { now } = looksOf(loadFixture("raspberry-pi-5"), shop!.folder);
    const environment = {
      ATLHYPER_NODE_NAME: "Pi-5",
      ATLHYPER_PROC_ROOT: `${now}/proc`,
      ATLHYPER_SYS_ROOT: `${now}/sys/`,
      ATLHYPER_HOST_ROOT: now,
    };
    const expected = await envelopeOf(onBun, environment);
    expect(expected).toStartWith('{"nodeName":"pi-5","timestamp":"T"');
    expect(expected).toContain('"cpuDegrees":');
    for (const target of targetsThatRun())
      expect([target.name, await envelopeOf(await shop!.program(probeEntry, target), environment)]).toEqual([
        target.name,
        expected,
      ]);
  },
  240_000,
);

test.skipIf(!shop)(
  "the binaries are as small as they are to be, and do not depend on the machine",
  async () => {
    const most: Record<string, number> = { "linux-amd64": 2.2e6, "linux-arm64": 1.9e6, "linux-armv7": 1.9e6 };
    for (const target of targetsThatRun()) {
      const file = (await shop!.program(probeEntry, target)).at(-1)!;
      const bytes = await Bun.file(file).bytes();
      expect(bytes.length).toBeLessThanOrEqual(most[target.name] ?? 2.2e6);
      // Neither an interpreter to load it, nor where it was built.
      const text = Buffer.from(bytes).toString("latin1");
      expect(text).not.toContain("/lib/ld-linux");
      expect(text).not.toContain("build-");
    }
    using again = workshop(toolchain!);
    const twice = [probe, await again.program(probeEntry, ownTarget()!)].map((words) =>
      Bun.file(words.at(-1)!).bytes(),
    );
    const [first, second] = await Promise.all(twice);
    expect(Buffer.compare(first!, second!)).toBe(0);
  },
  240_000,
);

function ask(words: string[], environment: Record<string, string> = {}) {
  const done = Bun.spawnSync([...probe, ...words], { env: environment, timeout: 5000 });
  return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() };
}

test.skipIf(!shop)("it says its version, and every variable with its default", () => {
  expect(ask(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  const help = ask(["--help"]);
  expect(help.code).toBe(0);
  for (const { name } of Object.values(probeVariables)) expect(help.out).toContain(name);
});

test.skipIf(!shop)("what is wrong is said, all of it, and ends it with 2", () => {
  const wrong = ask([], {
    ATLHYPER_PUSH_INTERVAL: "soon",
    ATLHYPER_AGENT_URL: "https://x",
    ATLHYPER_PROBE_TOKEN: "a b",
  });
  expect(wrong).toMatchObject({ code: 2, out: "" });
  for (const name of ["ATLHYPER_PUSH_INTERVAL", "ATLHYPER_AGENT_URL", "ATLHYPER_PROBE_TOKEN"])
    expect(wrong.err).toContain(name);
  expect(wrong.err).not.toContain("a b");
  expect(ask(["up"])).toMatchObject({ code: 2, err: expect.stringContaining("up is too much") });
  expect(ask([], { ATLHYPER_PROC_ROOT: "proc" })).toMatchObject({
    code: 2,
    err: expect.stringContaining("absolute"),
  });
});

test.skipIf(!shop)(
  "it ends on SIGTERM also while its agent is away",
  async () => {
    const child = shop!.start(probe, { ATLHYPER_AGENT_URL: "http://127.0.0.1:1" });
    let said = "";
    for await (const bytes of child.stderr) {
      said += new TextDecoder().decode(bytes);
      if (said.includes("no connection to 127.0.0.1:1: Connection refused")) child.kill();
    }
    expect(said).toContain("probe stopped");
    expect(await child.exited).toBe(0);
  },
  10_000,
);

test.skipIf(!shop)(
  "where the roots are missing it says what it lacks, and runs on",
  async () => {
    await using agent = fakeAgent();
    const child = shop!.start(probe, {
      ATLHYPER_AGENT_URL: `http://127.0.0.1:${agent.address.port}`,
      ATLHYPER_PROC_ROOT: "/nowhere",
      ATLHYPER_SYS_ROOT: "/nowhere/sys",
    });
    await agent.arrived(1);
    child.kill();
    expect(await child.exited).toBe(0);
    expect(agent.arrivals[0]!.snapshot.collectors!.every((one) => one.absent !== undefined)).toBe(true);
  },
  10_000,
);

/** One of its own, as port 53 is the only one that resolv.conf knows. */
const dnsAddress = `127.${process.pid & 255}.${(process.pid >> 8) & 255}.53`;
const mayMount = shop !== undefined && process.getuid?.() === 0 && existsSync("/etc/resolv.conf");
if (shop && !mayMount)
  process.stderr.write("skipped: names of the native probe, which take root to be tried\n");

/** A record of an answer: of the name that was asked for, alive for 5 s. */
const record = (type: number, data: number[]) => [
  0xc0,
  12,
  0,
  type,
  0,
  1,
  0,
  0,
  0,
  5,
  0,
  data.length,
  ...data,
];

test.skipIf(!mayMount)(
  "the agent's name is looked up as a pod's resolv.conf says, whatever else comes in",
  async () => {
    await using agent = fakeAgent();
    const asked: string[] = [];
    const server = await Bun.udpSocket({
      hostname: dnsAddress,
      port: 53,
      socket: {
        data(socket, question, port, address) {
          const labels: string[] = [];
          for (let at = 12; question[at]! > 0; at += question[at]! + 1)
            labels.push(question.toString("latin1", at + 1, at + 1 + question[at]!));
          const name = labels.join(".");
          const type = question[question.length - 3]!;
          asked.push(`${name} ${type}`);
          const reply = (code: number, records: number[][], change = (bytes: Buffer) => bytes) => {
            const bytes = Buffer.from([...question, ...records.flat()]);
            bytes[2] = 0x81;
            bytes[3] = 0x80 | code;
            bytes.writeUInt16BE(records.length, 6);
            socket.send(change(bytes), port, address);
          };
          if (name !== "agent.test.svc.cluster.local") reply(3, []);
          else if (type !== 28) reply(0, []);
          else {
            const wrong = record(28, [...new Array(15).fill(0), 9]);
            reply(0, [wrong], (bytes) => Buffer.concat([Buffer.from([bytes[0]! ^ 1]), bytes.subarray(1)]));
            reply(0, [wrong], (bytes) => bytes.subarray(0, 20));
            socket.send(crypto.getRandomValues(new Uint8Array(512)), port, address);
            socket.send(new Uint8Array(0), port, address);
            // ::ffff:127.0.0.1
            reply(0, [record(28, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1]), [0xc0, 12, 0]]);
          }
        },
      },
    });
    const etc = join(shop!.folder, "etc");
    mkdirSync(etc);
    writeFileSync(
      join(etc, "resolv.conf"),
      `search cluster.local test.svc.cluster.local\nnameserver ${dnsAddress}\noptions ndots:5\n`,
    );
    writeFileSync(join(etc, "hosts"), "127.0.0.1 localhost\n");
    const mounts = ["resolv.conf", "hosts"]
      .map((name) => `mount --bind '${etc}/${name}' /etc/${name}`)
      .join(" && ");
    const child = shop!.start(["unshare", "--mount", "sh", "-c", `${mounts} && exec "$0"`, ...probe], {
      ...process.env,
      ATLHYPER_AGENT_URL: `http://agent:${agent.address.port}`,
    });
    await agent.arrived(1);
    child.kill();
    await child.exited;
    server.close();
    expect(asked).toEqual([
      "agent.cluster.local 1",
      "agent.test.svc.cluster.local 1",
      "agent.test.svc.cluster.local 28",
    ]);
  },
  20_000,
);
