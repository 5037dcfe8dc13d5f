import { Gauge, type Metric } from "../../counters.ts";
import type { RemoteWriteState } from "./remote-write.ts";

/** The same as the settings page shows, for who watches the master. */
export function remoteWriteMetrics(state: () => RemoteWriteState): Metric[] {
  const name = (rest: string) => `atlhyper_remote_write_${rest}`;
  return [
    new Gauge(
      name("samples_total"),
      "Samples by what became of them.",
      () => {
        const { sent, refused, late } = state();
        return Object.entries({ sent, refused, late }).map(([outcome, count]) => [{ outcome }, count]);
      },
      "counter",
    ),
    new Gauge(name("retries_total"), "Requests tried again.", () => [[{}, state().retries]], "counter"),
    new Gauge(name("bytes_total"), "Bytes sent, compressed.", () => [[{}, state().bytes]], "counter"),
    new Gauge(
      name("behind_seconds"),
      "How far back that begins which is sent from the history, before what comes in; 0 where nothing is.",
      () => {
        const { behindSinceMs } = state();
        return [[{}, behindSinceMs === undefined ? 0 : (Date.now() - behindSinceMs) / 1000]];
      },
    ),
    new Gauge(
      name("gone_seconds_total"),
      "Of what time the history kept values no longer when it was their turn.",
      () => [[{}, state().goneMs / 1000]],
      "counter",
    ),
    new Gauge(name("waiting_samples"), "Samples that wait in memory.", () => [[{}, state().waiting.samples]]),
    new Gauge(name("waiting_bytes"), "Memory that they take.", () => [[{}, state().waiting.bytes]]),
    new Gauge(
      name("newest_timestamp_seconds"),
      "Time of the newest sample that the store has answered for.",
      () => [[{}, (state().newestMs ?? 0) / 1000]],
    ),
  ];
}
