import type { Collector, Context, Part } from "../collector.ts";
import type { ProbeConfig } from "../config.ts";
import type { Host } from "../host.ts";
import { config } from "./config.ts";
import { fixtureHost, loadFixture, type machines } from "./fixture.ts";

export function contextOf(host: Host, changes: Partial<ProbeConfig> = {}): Context {
  return { host, ...config, ...changes };
}

/** What a collector says of a recorded machine at its second look, 5 s after the first. */
export function collectTwice(
  collector: Collector,
  machine: (typeof machines)[number],
  changes: Partial<ProbeConfig> = {},
): Part {
  const host = fixtureHost(loadFixture(machine));
  const collecting = collector.start(contextOf(host, changes));
  collecting.collect();
  host.pass(5000);
  return collecting.collect();
}

/** A machine of the files given and nothing else; `files` may be changed between two looks. */
export function hostOf(files: Map<string, string>): ReturnType<typeof fixtureHost> {
  return fixtureHost({ files, later: new Map(), links: new Map(), sizes: new Map() });
}
