import type { NodeMetricsSnapshot } from "../wire/metrics.ts";
import type { Events } from "./events.ts";
import type { Host } from "./host.ts";
import { type Deliver, Refused } from "./push.ts";

export interface Backoff {
  firstMs: number;
  longestMs: number;
  /** After a refusal, from the start: a wrong token does not mend itself. */
  refusedMs: number;
}

const patient: Backoff = { firstMs: 1000, longestMs: 30_000, refusedMs: 30_000 };

/** What hands snapshots over, one at a time, and never has more than one waiting. */
export interface Outbox {
  /** Takes the place of a snapshot that still waits. */
  offer(snapshot: NodeMetricsSnapshot): void;
  /** Waits for what is under way, but not for long. */
  stop(): Promise<void>;
}

/** How long a stop waits for the snapshot that is under way. */
const lastWaitMs = 2000;

/** When the agent is away the newest snapshot waits, with growing pauses between the attempts. */
export function createOutbox(host: Host, deliver: Deliver, events: Events, backoff = patient): Outbox {
  let waiting: NodeMetricsSnapshot | undefined;
  let underWay: Promise<void> | undefined;
  let endPause: (() => void) | undefined;
  let failures = 0;
  let stopped = false;

  function next(): void {
    if (stopped || underWay || endPause || !waiting) return;
    const snapshot = waiting;
    waiting = undefined;
    underWay = attempt(snapshot).finally(() => {
      underWay = undefined;
      next();
    });
  }

  async function attempt(snapshot: NodeMetricsSnapshot): Promise<void> {
    try {
      await deliver(snapshot);
      failures = 0;
      events.delivered();
    } catch (error) {
      if (stopped) return;
      failures++;
      waiting ??= snapshot;
      events.notDelivered((error as Error).message, error instanceof Refused ? "error" : "warn");
      pause(error instanceof Refused ? backoff.refusedMs : backoff.firstMs * 2 ** Math.min(failures - 1, 16));
    }
  }

  function pause(ms: number): void {
    // Half of it at random: the probes of all nodes lose a restarting agent in the same moment.
    const jittered = Math.min(ms, backoff.longestMs) * (0.5 + Math.random() / 2);
    endPause = host.after(jittered, () => {
      endPause = undefined;
      next();
    });
  }

  return {
    offer(snapshot) {
      waiting = snapshot;
      next();
    },
    async stop() {
      stopped = true;
      endPause?.();
      if (underWay) {
        let cancel = () => {};
        const enough = new Promise<void>((resolve) => {
          cancel = host.after(lastWaitMs, resolve);
        });
        await Promise.race([underWay, enough]);
        cancel();
      }
      deliver.close?.();
    },
  };
}
