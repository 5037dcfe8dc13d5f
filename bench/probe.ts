/**
 * What a running probe costs: `bun bench/probe.ts [seconds]`, 40 by default. A real `atlhyper probe` measures
 * this machine, with its usual intervals, and pushes to a server here. Prints `name value unit` lines.
 */
import { parseProcessStat } from "../probe/process.ts";
import { bunHost } from "../probe/host/bun.ts";
import { fakeAgent } from "../probe/testing/agent.ts";

const seconds = Number(process.argv[2] ?? 40);
const warmUpSeconds = 11;
const host = bunHost();

/**
 * CPU time in ms, of all threads. The kernel counts it twice: by the clock's ticks (user and system time),
 * which may miss a short run, and in nanoseconds for each thread that still lives. The greater one is told.
 */
function cpuMs(pid: number): number {
  const ticks = parseProcessStat(host.readText(`/proc/${pid}/stat`) ?? "")?.ticks ?? 0;
  const threads = host.list(`/proc/${pid}/task`) ?? [];
  const run = threads.map((one) =>
    Number(host.readText(`/proc/${pid}/task/${one}/schedstat`)?.split(" ")[0] ?? 0),
  );
  return Math.max(ticks * 10, run.reduce((sum, ns) => sum + ns, 0) / 1e6);
}

function statusMB(pid: number, key: string): number {
  return (
    Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(host.readText(`/proc/${pid}/status`) ?? "")?.[1]) / 1024
  );
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function print(name: string, value: number, unit: string): void {
  console.log(`${name} ${Number(value.toFixed(3))} ${unit}`);
}

await using agent = fakeAgent();
const probe = Bun.spawn([process.execPath, new URL("../main.ts", import.meta.url).pathname, "probe"], {
  env: {
    ...process.env,
    ATLHYPER_AGENT_URL: `http://${agent.address.authority}`,
    ATLHYPER_PROBE_TOKEN: "bench",
  },
  stderr: "ignore",
});
try {
  await agent.arrived(1);
  await Bun.sleep(warmUpSeconds * 1000);
  const before = { cpu: cpuMs(probe.pid), at: performance.now(), arrivals: agent.arrivals.length };
  await Bun.sleep(seconds * 1000);
  const used = (cpuMs(probe.pid) - before.cpu) / (performance.now() - before.at);
  const arrivals = agent.arrivals.slice(before.arrivals);

  print("probe_cpu", used * 100, "percent_of_a_core");
  print("probe_rss", statusMB(probe.pid, "VmRSS"), "MB");
  print("probe_anonymous", statusMB(probe.pid, "RssAnon"), "MB");
  print("probe_push_size", median(arrivals.map((one) => Number(one.headers.get("content-length")))), "bytes");
  print("probe_sample", median(arrivals.map(collectingMs)), "ms");
  print("processes", arrivals.at(-1)?.snapshot.system?.processes ?? 0, "count");
  print("containers", arrivals.at(-1)?.snapshot.containers?.length ?? 0, "count");
  print("interfaces", arrivals.at(-1)?.snapshot.network?.length ?? 0, "count");
} finally {
  probe.kill();
  await probe.exited;
}

function collectingMs({ snapshot }: (typeof agent.arrivals)[number]): number {
  return (snapshot.collectors ?? []).reduce((sum, one) => sum + one.ms, 0);
}
