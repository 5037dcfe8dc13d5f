import { readProbeConfig } from "../config.ts";
import type { Host } from "../host.ts";
import type { Native } from "../host/native.ts";
import { quickJsHost } from "../host/quickjs.ts";
import { startProbe } from "../start.ts";

/**
 * The native probe for whom time goes a thousand times as fast, as far as it decides when to look and to push: a
 * day's pushes in some minutes, as fast as they go. What is waited for others keeps its time.
 */
declare const native: Native;

const haste = 1000;
const longestHurried = 5000;

const host = quickJsHost(native);
const hurried: Host = {
  ...host,
  monotonicMs: () => host.monotonicMs() * haste,
  after: (ms, run) => host.after(ms <= longestHurried ? ms / haste : ms, run),
};
const config = readProbeConfig(host.environment(), host.hostname());
for (const root of new Set(["/", config.procRoot, config.sysRoot, config.hostRoot])) native.root(root);
const probe = startProbe(config, hurried);
let code: number | undefined;
native.run(() => {
  if (code === undefined && host.turn())
    probe.stop().then(() => {
      code = 0;
    });
  return code;
});
