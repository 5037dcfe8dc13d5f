import { collectors } from "../collectors.ts";
import type { ProbeConfig } from "../config.ts";
import { createEvents } from "../events.ts";
import type { FilesystemSize, Host } from "../host.ts";
import { createRunner } from "../runner.ts";
import { config } from "./config.ts";

/** What a host is asked in a test. Plain ES2023, as it goes through every build. */
export interface Trial {
  /** Below these the files are; on QuickJS nothing else is read. */
  roots: string[];
  readText?: string[];
  list?: string[];
  readLink?: string[];
  statfs?: string[];
  /** A machine's two looks, 5 s apart, by what is in these folders in place of its /. */
  looks?: {
    now: string;
    later: string;
    sizes: Record<string, FilesystemSize>;
    config?: Partial<ProbeConfig>;
  };
}

/** All answers, as JSON. */
export async function tryHost(host: Host, trial: Trial): Promise<string> {
  const ask = <T>(paths: string[] | undefined, answer: (path: string) => T) =>
    paths?.map((path) => answer(path) ?? null);
  return JSON.stringify({
    readText: ask(trial.readText, (path) => host.readText(path)),
    list: ask(trial.list, (path) => host.list(path)?.sort()),
    readLink: ask(trial.readLink, (path) => host.readLink(path)),
    statfs: ask(trial.statfs, (path) => host.statfs(path)),
    snapshot: trial.looks && (await secondSnapshot(host, trial.looks)),
  });
}

/** A machine's clock stands still but between the two looks, and its filesystems have the sizes given. */
async function secondSnapshot(host: Host, looks: NonNullable<Trial["looks"]>): Promise<unknown> {
  let folder = looks.now;
  let clock = 1000;
  const machine: Host = {
    ...host,
    readText: (path) => host.readText(folder + path),
    list: (path) => host.list(folder + path),
    readLink: (path) => host.readLink(folder + path),
    statfs: (path) => looks.sizes[path],
    monotonicMs: () => clock,
    wallMs: () => 1_764_000_000_000 + clock,
  };
  const runner = createRunner(
    collectors,
    { host: machine, ...config, ...looks.config },
    { nodeName: "node-1", version: "1.2.3" },
    createEvents(() => {}),
  );
  await runner.snapshot();
  runner.sample();
  clock += 5000;
  folder = looks.later;
  return runner.snapshot();
}
