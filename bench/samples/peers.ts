import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Running } from "../probe.ts";

/** Other agents for one machine, started as they are by default. */
export interface Peer {
  name: string;
  /** Undefined where it is not on the PATH. */
  start(): Promise<Running | undefined>;
}

const scrapeEveryMs = 5000;

/** An agent that is asked: its answers are its samples. */
async function asked(
  name: string,
  program: string,
  words: string[],
  url?: string,
): Promise<Running | undefined> {
  const binary = Bun.which(program);
  if (!binary) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "peer-"));
  const child = Bun.spawn([binary, ...words], {
    cwd: folder,
    env: { ...process.env, HOME: folder, DATA_DIR: folder },
    stdio: ["ignore", "ignore", "ignore"],
  });
  const sizes: number[] = [];
  const scrape = async () => {
    if (!url) return;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) sizes.push((await answer.arrayBuffer()).byteLength);
  };
  const timer = setInterval(scrape, scrapeEveryMs);
  return {
    name,
    pid: child.pid,
    binary,
    sampleBytes: () => [...sizes],
    async stop() {
      clearInterval(timer);
      child.kill();
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

// Any key: who has none is not let in, and the agent measures all the same.
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

export const peers: readonly Peer[] = [
  {
    name: "node_exporter",
    start: () =>
      asked(
        "node_exporter",
        "prometheus-node-exporter",
        ["--web.listen-address=127.0.0.1:19100", "--log.level=error"],
        "http://127.0.0.1:19100/metrics",
      ),
  },
  {
    name: "beszel_agent",
    start: () => asked("beszel_agent", "beszel-agent", ["-key", key, "-listen", "127.0.0.1:19101"]),
  },
  {
    name: "netdata",
    start: () =>
      asked(
        "netdata",
        "netdata",
        ["-D", "-i", "127.0.0.1", "-p", "19102"],
        "http://127.0.0.1:19102/api/v1/allmetrics?format=json",
      ),
  },
];
