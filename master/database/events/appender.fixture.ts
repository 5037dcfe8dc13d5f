/** A process for tests that appends events until it is killed, and says on its output which were acknowledged. */
import type { Event } from "../../../wire/event.ts";
import { openDatabase } from "../database.ts";
import { createEventStore } from "./store.ts";

const store = createEventStore(openDatabase(process.argv[2]!), {
  retentionMs: 86_400_000,
  maxBytes: 2 ** 30,
});

async function send(sender: number): Promise<void> {
  for (let n = 0; ; n++) {
    const events: Event[] = Array.from({ length: 20 }, (_, at) => ({
      id: `${sender}-${n}-${at}`,
      ts_ms: Date.now(),
      kind: "Pod",
      name: `web-${n}`,
      reason: "BackOff",
      severity: "warning",
      message: "Back-off restarting failed container",
    }));
    // Sent twice, as an agent does that did not hear the answer.
    await Promise.all([store.append("a", events), store.append("a", events)]);
    process.stdout.write(`${sender}-${n}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, sender) => send(sender)));
