import { expect, test } from "bun:test";
import { encodeBody } from "../wire/body.ts";
import { type Process, api, runOnce, start, temporaryFolder } from "./lib/product.ts";

/** Posts envelopes of events until stopped; remembers which were acknowledged. */
function load(port: number, token: string, acknowledged: Set<string>) {
  let running = true;
  const senders = Array.from({ length: 8 }, async (_, sender) => {
    for (let n = 0; running; n++) {
      const events = Array.from({ length: 20 }, (_, i) => ({
        id: `${sender}-${n}-${i}`,
        ts_ms: Date.now(),
        kind: "Pod",
        namespace: "load",
        name: `pod-${i}`,
        reason: "Load",
        severity: "info",
        message: `event ${i} of envelope ${n} of sender ${sender}`,
      }));
      const body = encodeBody({
        version: "v1",
        cluster_id: "durable",
        source: "events",
        ts_ms: Date.now(),
        payload: { events },
      });
      // The same envelope until it is acknowledged, as an agent does: doubled deliveries are part of the test.
      while (running) {
        try {
          const response = await fetch(`http://127.0.0.1:${port}/ingest/events/v1/eventlog`, {
            method: "POST",
            headers: { authorization: `Bearer ${token}` },
            body,
          });
          if (response.ok) {
            for (const one of events) acknowledged.add(one.id);
            break;
          }
        } catch {
          // The master is dead for the moment.
        }
        await Bun.sleep(20);
      }
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(senders);
    },
  };
}

test("a master that is killed (-9) during load loses and doubles no acknowledged event", async () => {
  using folder = temporaryFolder();
  const port = 28999;
  const environment = {
    ATLHYPER_DATA: folder.path,
    ATLHYPER_PORT: String(port),
    ATLHYPER_INGEST_RATE: "1000000000",
  };
  const begin = async (): Promise<Process> => {
    const master = start("master", environment);
    await master.says(/127\.0\.0\.1:28999/);
    return master;
  };
  let master = await begin();
  const token = await runOnce(["cluster", "add", "durable"], environment);
  const acknowledged = new Set<string>();
  const sending = load(port, token, acknowledged);
  for (let kill = 0; kill < 6; kill++) {
    await Bun.sleep(400 + Math.random() * 800);
    await master.stop("SIGKILL");
    master = await begin();
  }
  await Bun.sleep(500);
  await sending.stop();

  const client = api(
    `http://127.0.0.1:${port}`,
    await runOnce(["token", "create", "--name", "e2e", "--role", "viewer"], environment),
  );
  const stored: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.get<{ items: { id: string }[]; next?: string }>(
      `/api/v1/events?reason=Load&limit=1000${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
    );
    stored.push(...page.items.map((one) => one.id));
    cursor = page.next;
  } while (cursor);
  await master.stop();

  console.log(`acknowledged_events ${acknowledged.size} count`);
  expect(acknowledged.size).toBeGreaterThan(5000);
  expect(new Set(stored).size).toBe(stored.length);
  const kept = new Set(stored);
  expect([...acknowledged].filter((id) => !kept.has(id))).toEqual([]);
}, 180_000);
