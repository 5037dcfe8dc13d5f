import type { ProbeConfig } from "../config.ts";
import type { Host } from "../host.ts";
import type { Sampler } from "../sampler.ts";

/** What measures this machine where the collectors cannot, for want of a /proc; undefined where they can. */
export async function standInFor(config: ProbeConfig, host: Host): Promise<Sampler | undefined> {
  if (host.readText(`${config.procRoot}/stat`) !== undefined) return undefined;
  // Only then: the package costs memory, and no server needs it.
  const { standInSampler } = await import("./systeminformation.ts");
  return standInSampler(config);
}
