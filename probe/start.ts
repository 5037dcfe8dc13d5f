import { createLog } from "../kit/log.ts";
import { version } from "../wire/version.ts";
import { collectors } from "./collectors.ts";
import type { ProbeConfig } from "./config.ts";
import { createEvents } from "./events.ts";
import type { Host } from "./host.ts";
import { createOutbox } from "./newest.ts";
import { createPush, type Deliver } from "./push.ts";
import { createRunner } from "./runner.ts";
import type { Sampler } from "./sampler.ts";

/** What may be put in place of the usual. */
export interface ProbeParts {
  /** Hands snapshots over in another way than over HTTP, as when the agent is in the same process. */
  deliver?: Deliver;
  /** Takes the place of the collectors, on machines without /proc. */
  sampler?: Sampler;
}

export interface Probe {
  /** Ends all timers, and waits up to 2 s for a snapshot that is under way. */
  stop(): Promise<void>;
}

// The first snapshot needs a sample before it for its rates, and somebody is waiting for the page to fill.
const firstPushMs = 1000;

/** Measures this machine and hands a snapshot over at each interval, until stopped. */
export function startProbe(config: ProbeConfig, host: Host, parts: ProbeParts = {}): Probe {
  const log = createLog("probe", config.logLevel, (line) => host.printError(line));
  const events = createEvents(log);
  const sampler =
    parts.sampler ??
    createRunner(collectors, { host, ...config }, { nodeName: config.nodeName, version }, events);
  const outbox = createOutbox(host, parts.deliver ?? createPush(host, config), events);

  async function push(): Promise<void> {
    try {
      outbox.offer(await sampler.snapshot());
    } catch (error) {
      events.snapshotFailed((error as Error).message);
    }
  }

  events.started(config.nodeName, parts.deliver ? undefined : config.agent.authority);
  const start = Promise.resolve()
    .then(() => sampler.snapshot())
    .catch((error: Error) => events.snapshotFailed(error.message));
  const stopSampling = every(host, config.cpuIntervalMs, config.cpuIntervalMs, () => sampler.sample());
  const stopPushing = every(host, firstPushMs, config.pushIntervalMs, () => start.then(push));

  return {
    async stop() {
      stopSampling();
      stopPushing();
      await outbox.stop();
      events.stopped();
    },
  };
}

/**
 * Runs something at fixed times that do not drift, one run at a time; times that were missed, as while
 * the machine slept, are left out. The answer ends it.
 */
function every(host: Host, firstMs: number, intervalMs: number, run: () => void | Promise<void>): () => void {
  let due = host.monotonicMs() + firstMs;
  let stopped = false;
  let cancel = host.after(firstMs, tick);
  async function tick(): Promise<void> {
    await run();
    if (stopped) return;
    const now = host.monotonicMs();
    due += intervalMs;
    if (due <= now) due = now + intervalMs;
    cancel = host.after(due - now, tick);
  }
  return () => {
    stopped = true;
    cancel();
  };
}
