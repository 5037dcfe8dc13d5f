import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ownTarget } from "../probe/native/make/targets.ts";
import { fakeAgent } from "../probe/testing/agent.ts";
import { cpuMs, median, memoryMB } from "./samples/process.ts";
import { peers } from "./samples/peers.ts";

/**
 * What a running probe costs, native and on Bun, side by side with other agents that are found on the PATH:
 * `bun bench/probe.ts [seconds]`, 40 by default. All run at once, with pushes or scrapes every 5 s. As root they
 * share a machine made for it, in namespaces of its own: 100 processes and one network interface. Prints
 * `name value unit` lines, and a table of them.
 */
const seconds = Number(process.argv[2] ?? 40);
const warmUpSeconds = 11;
const manyProcesses = 100;
const insideName = "ATLHYPER_BENCH_INSIDE";
const main = resolve(import.meta.dir, "../main.ts");
const binary = resolve(import.meta.dir, `../dist/atlhyper-probe-${ownTarget()?.name}`);

/** Something that runs, and how many bytes each of its samples takes on the wire. */
export interface Running {
  name: string;
  pid: number;
  binary: string;
  sampleBytes(): number[];
  /** What it says that a sample took it, where it does. */
  sampleMs?(): number[];
  stop(): Promise<void>;
}

async function probe(name: string, words: string[]): Promise<Running> {
  const agent = fakeAgent();
  const child = Bun.spawn(words, {
    env: {
      ...process.env,
      ATLHYPER_AGENT_URL: `http://${agent.address.authority}`,
      ATLHYPER_PROBE_TOKEN: "bench",
    },
    stderr: "ignore",
  });
  await agent.arrived(1);
  return {
    name,
    pid: child.pid,
    binary: words[0]!,
    sampleBytes: () => agent.arrivals.map(({ headers }) => Number(headers.get("content-length"))),
    sampleMs: () =>
      agent.arrivals.map(({ snapshot }) => (snapshot.collectors ?? []).reduce((sum, one) => sum + one.ms, 0)),
    async stop() {
      child.kill();
      await child.exited;
      await agent.stop();
    },
  };
}

async function measure(): Promise<void> {
  const running: Running[] = [];
  try {
    if (existsSync(binary)) running.push(await probe("probe_native", [binary]));
    else console.log(`# skipped: the native probe, as ${binary} is not there (just probe)`);
    running.push(await probe("probe_bun", [process.execPath, main, "probe"]));
    for (const peer of peers) {
      const started = await peer.start();
      if (started) running.push(started);
      else console.log(`# skipped: ${peer.name}, which is not on the PATH`);
    }
    await Bun.sleep(warmUpSeconds * 1000);
    const before = running.map(({ pid }) => ({ cpu: cpuMs(pid), at: performance.now() }));
    await Bun.sleep(seconds * 1000);
    const rows = running.map((one, index) => {
      const { cpu, at } = before[index]!;
      const memory = memoryMB(one.pid);
      return {
        name: one.name,
        cpu: ((cpuMs(one.pid) - cpu) / (performance.now() - at)) * 100,
        rss: memory.all,
        anonymous: memory.anonymous,
        binary: statSync(one.binary).size / 1e6,
        bytes: median(one.sampleBytes().slice(1)),
        ms: one.sampleMs ? median(one.sampleMs().slice(1)) : undefined,
      };
    });
    for (const { name, ...row } of rows) {
      print(`${name}_cpu`, row.cpu, "percent_of_a_core");
      print(`${name}_rss`, row.rss, "MB");
      print(`${name}_anonymous`, row.anonymous, "MB");
      print(`${name}_binary`, row.binary, "MB");
      if (row.bytes > 0) print(`${name}_sample_size`, row.bytes, "bytes");
      if (row.ms !== undefined) print(`${name}_sample`, row.ms, "ms");
    }
    const cells = (...words: string[]) =>
      `# ${words.map((word, at) => (at ? word.padStart(13) : word.padEnd(16))).join("")}`;
    console.log(cells("", "CPU %", "RSS MB", "anonymous MB", "binary MB", "sample B"));
    for (const row of rows) {
      const numbers = [row.cpu, row.rss, row.anonymous, row.binary].map((value) => value.toFixed(2));
      console.log(cells(row.name, ...numbers, row.bytes > 0 ? String(row.bytes) : "–"));
    }
  } finally {
    for (const one of running) await one.stop();
  }
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name} ${Number(value.toFixed(3))} ${unit}`);
}

/** The machine of the bench: what runs in it ends with it. */
async function inside(): Promise<void> {
  Bun.spawnSync(["ip", "link", "set", "lo", "up"]);
  // What pods of the machine outside have left in sight: its interfaces, and mounts of theirs.
  Bun.spawnSync(["mount", "-t", "sysfs", "none", "/sys"]);
  const mounted = (await Bun.file("/proc/self/mounts").text())
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  const ofPods = mounted.filter((path) => /netns|kubelet|containerd|docker/.test(path));
  if (ofPods.length > 0) Bun.spawnSync(["umount", "-l", ...ofPods.reverse()]);
  const running = Bun.spawnSync(["sh", "-c", "ls -d /proc/[0-9]* | wc -l"]).stdout.toString();
  const idle = Array.from({ length: manyProcesses - Number(running) - 3 }, () =>
    Bun.spawn(["sleep", "100000"]),
  );
  try {
    await measure();
  } finally {
    for (const one of idle) one.kill();
  }
}

const mayUnshare = process.platform === "linux" && process.getuid?.() === 0 && Bun.which("unshare");
if (process.env[insideName]) await inside();
else if (mayUnshare) {
  const words = "unshare --net --mount --pid --mount-proc --fork --kill-child".split(" ");
  const child = Bun.spawn([...words, process.execPath, import.meta.path, String(seconds)], {
    env: { ...process.env, [insideName]: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = await child.exited;
} else {
  console.log("# not root: measured on this machine as it is, with all of its processes");
  await measure();
}
