/**
 * The event history alone: what it stores and finds in a second, without HTTP. Prints `name value unit`.
 * `bun bench/events.ts [events]`, 1,000,000 by default.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../master/database/database.ts";
import { createEventStore } from "../master/database/events/store.ts";
import type { EventQuery } from "../views/event-model.ts";
import type { Event } from "../wire/event.ts";
import { percentile, print } from "./samples/print.ts";

const total = Number(process.argv[2] ?? 1_000_000);
const envelope = 20;
/** Envelopes under way at once, as that many agents or connections would have. */
const inFlight = 64;

const folder = mkdtempSync(join(process.env.BENCH_DATA ?? tmpdir(), "atlhyper-bench-"));
const db = openDatabase(folder);
const store = createEventStore(db, {
  retentionMs: 30 * 86_400_000,
  maxBytes: 64 * 2 ** 30,
  failed: (what, error) => console.error(what, error),
});

const kinds: [string, string, Event["severity"], (name: string, uid: string) => string][] = [
  ["Scheduled", "Pod", "info", (name) => `Successfully assigned shop/${name} to node-7`],
  [
    "Pulled",
    "Pod",
    "info",
    () => 'Container image "registry.example/shop/web:1.42.0" already present on machine',
  ],
  ["Created", "Pod", "info", () => "Created container: web"],
  ["Started", "Pod", "info", () => "Started container web"],
  [
    "BackOff",
    "Pod",
    "warning",
    (name, uid) => `Back-off restarting failed container web in pod ${name}_shop(${uid})`,
  ],
  ["Unhealthy", "Pod", "warning", () => "Readiness probe failed: HTTP probe failed with statuscode: 503"],
  ["SuccessfulCreate", "ReplicaSet", "info", (name) => `Created pod: ${name}`],
  [
    "FailedScheduling",
    "Pod",
    "warning",
    () => "0/5 nodes are available: 5 Insufficient memory. preemption: not found",
  ],
  [
    "OOMKilled",
    "Pod",
    "critical",
    () => "The container used more memory than its limit of 64Mi and was killed",
  ],
];

let made = 0;
function event(): Event {
  const n = made++;
  const [reason, kind, severity, message] = kinds[n % 89 === 0 ? 8 : n % 8]!;
  const name = `web-${(n % 997).toString(36)}-${((n * 7919) % 60_466_176).toString(36)}`;
  const id = crypto.randomUUID();
  return {
    id,
    ts_ms: Date.now(),
    first_ts_ms: Date.now(),
    count: 1,
    kind,
    namespace: n % 211 === 0 ? "payments" : "shop",
    name,
    uid: id,
    node: `node-${n % 20}`,
    reason,
    category: "workload",
    severity,
    message: message(name, id),
    origin: "kubernetes",
  };
}

const batches: Event[][] = [];
const waits: number[] = [];
let storing = 0;
let cpu = 0;
while (made < total) {
  batches.length = 0;
  for (let n = 0; n < 2500; n++) batches.push(Array.from({ length: envelope }, event));
  const start = performance.now();
  const before = process.cpuUsage();
  let next = 0;
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) {
        const sent = performance.now();
        await store.append(`cluster-${next % 20}`, batch);
        waits.push(performance.now() - sent);
      }
    }),
  );
  // What counts is stored and searchable.
  store.search({ q: "probe", limit: 1 });
  storing += performance.now() - start;
  const used = process.cpuUsage(before);
  cpu += used.user + used.system;
}
print("events_stored_and_indexed", (total / storing) * 1000, "1/s");
print("events_cpu", cpu / total, "µs/event");
print("append_p50", percentile(waits, 0.5), "ms");
print("append_p99", percentile(waits, 0.99), "ms");
// The index is merged in quiet moments: there is one now.
await Bun.sleep(3000);
print("bytes_per_event", store.size().bytes / total, "B");

const queries: Record<string, EventQuery> = {
  all: {},
  common_word: { q: "container" },
  two_words: { q: "failed web" },
  phrase: { q: '"restarting failed container"' },
  prefix: { q: "back-o" },
  rare: { q: "web-5x" },
  nothing: { q: "nothinglikethis" },
  severity: { severity: "critical" },
  namespace: { namespace: "payments", cluster: "cluster-3" },
  name: { name: "web-a-7919", kind: "Pod" },
  time: { fromMs: Date.now() - 1000, severity: "warning" },
};
for (const [name, query] of Object.entries(queries)) {
  const times = Array.from({ length: 100 }, () => {
    const start = performance.now();
    store.search({ limit: 50, ...query });
    return performance.now() - start;
  });
  print(`search_${name}_p50`, percentile(times, 0.5), "ms");
  print(`search_${name}_p99`, percentile(times, 0.99), "ms");
}

await store.close();
db.close();
const opening = performance.now();
const again = openDatabase(folder);
const reopened = createEventStore(again, { retentionMs: 30 * 86_400_000, maxBytes: 64 * 2 ** 30 });
reopened.search({ q: "oomkilled", limit: 50 });
print("open_and_first_search", performance.now() - opening, "ms");
await reopened.close();
again.close();
rmSync(folder, { recursive: true });
