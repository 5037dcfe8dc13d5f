import { join } from "node:path";
import { eventually } from "./wait.ts";

/** Debian's: `apt-get install prometheus`. */
export const prometheus = Bun.which("prometheus");
export const promtool = Bun.which("promtool");

export interface Prometheus {
  url: string;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** `data` of an answer of its HTTP API; throws on an error. */
  ask<T>(path: string, query: Record<string, string>): Promise<T>;
}

/** Values of one series: by seconds, as text. */
export interface Line {
  metric: Record<string, string>;
  values: [seconds: number, value: string][];
}

/** Where it speaks TLS and asks who it is: by a configuration among the flags. */
export interface Guarded {
  ca: string;
  authorization: string;
}

/** A real Prometheus that scrapes nothing and takes remote write, with its data in a folder. */
export async function startPrometheus(
  folder: string,
  port: number,
  more: readonly string[] = [],
  guarded?: Guarded,
): Promise<Prometheus> {
  const config = join(folder, "prometheus.yml");
  await Bun.write(config, "scrape_configs: []\n");
  const log = Bun.file(join(folder, "prometheus.log"));
  const child = Bun.spawn(
    [
      prometheus!,
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
      "--log.level=warn",
      ...more,
    ],
    { stdout: log, stderr: log },
  );
  const url = `${guarded ? "https" : "http"}://127.0.0.1:${port}`;
  const get = (path: string) =>
    fetch(`${url}${path}`, {
      // It would take the time to compress what goes nowhere.
      headers: { "accept-encoding": "identity", ...(guarded && { authorization: guarded.authorization }) },
      ...(guarded && { tls: { ca: guarded.ca } }),
    });
  const ready = () =>
    get("/-/ready").then(
      (answer) => answer.ok,
      () => false,
    );
  await eventually("Prometheus is ready", async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${await log.text()}`);
    return ready();
  });
  return {
    url,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      await child.exited;
    },
    async ask(path, query) {
      const answer = await get(`${path}?${new URLSearchParams(query)}`);
      const { status, data, error } = (await answer.json()) as { status: string; data: never; error: string };
      if (status !== "success") throw new Error(`${path}: ${error}`);
      return data;
    },
  };
}
