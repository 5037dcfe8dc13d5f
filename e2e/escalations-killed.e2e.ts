import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atOnce, diagnose, startAlertMaster, startReceiver } from "../master/alert/testing.ts";
import { startProcess } from "./lib/alert-process.ts";

const kills = 12;
const pods = 20;
const steps = 3;

test(`killed ${kills} times while alerts go up, each step is taken once, and each channel told by one message`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "atlhyper-test-"));
  const receiver = startReceiver(async () => {
    await Bun.sleep(20);
    return new Response("ok");
  });
  const first = await startAlertMaster({ data: folder });
  const channels: string[] = [];
  for (let step = 0; step < steps; step++) {
    const { body } = await first.ask("/api/v1/channels", {
      ...atOnce,
      name: `step ${step}`,
      type: "webhook",
      groupBy: ["name"],
      // It asks for nothing itself.
      matchers: [{ name: "name", op: "=", value: "none" }],
      settings: { url: `${receiver.url}/${step}` },
    });
    channels.push(body.id);
  }
  await first.ask("/api/v1/escalations", {
    name: "On call",
    enabled: true,
    severities: [],
    matchers: [],
    // What is due within half a minute goes along, so that all pods go up together.
    steps: channels.map((channel) => ({ afterMs: 3000, channel })),
    repeats: 0,
  });
  for (let pod = 0; pod < pods; pod++) await diagnose(first.cluster, `pod-${pod}`);
  for (;;) {
    const { total } = (await first.ask("/api/v1/alerts?state=firing")).body;
    if (total === pods) break;
    await Bun.sleep(50);
  }
  await first.master.stop();
  for (let kill = 0; kill < kills; kill++) {
    const { child } = await startProcess(folder);
    await Bun.sleep(300 + Math.random() * 1200);
    child.kill("SIGKILL");
    await child.exited;
  }
  const { child } = await startProcess(folder);
  const until = Date.now() + 40_000;
  for (;;) {
    const { taken, waiting } = stored(folder);
    if (waiting === 0 && taken.length === pods * steps) break;
    if (Date.now() > until) throw new Error(`${taken.length} steps taken, ${waiting} messages wait`);
    await Bun.sleep(200);
  }
  await Bun.sleep(2000);
  child.kill("SIGKILL");
  await child.exited;

  const { taken, states } = stored(folder);
  expect(new Set(taken).size).toBe(pods * steps);
  expect(taken.length).toBe(pods * steps);
  expect(states).toEqual([{ done: steps, n: pods }]);
  const ids = new Map<string, Set<string>>();
  let doubled = 0;
  for (const one of receiver.received) {
    const id = one.headers["webhook-id"]!;
    const { alerts } = one.json() as unknown as { alerts: { labels: { name: string } }[] };
    const key = `${one.path} ${alerts.map((of) => of.labels.name).join()}`;
    const known = ids.get(key) ?? new Set();
    ids.set(key, known);
    if (known.has(id)) doubled++;
    known.add(id);
  }
  console.log(`${kills} kills: ${receiver.received.length} messages, ${doubled} of them doubled`);
  expect(ids.size).toBe(pods * steps);
  for (const [key, known] of ids) expect(known.size, key).toBe(1);
  expect(doubled).toBeLessThanOrEqual(kills * steps);
  receiver.stop();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

function stored(folder: string) {
  using db = new Database(join(folder, "atlhyper.db"), { readonly: true });
  return {
    taken: db
      .query<{ one: string }, []>(
        "SELECT fingerprint || ' ' || note AS one FROM alert_history WHERE what = 'escalated'",
      )
      .all()
      .map(({ one }) => one),
    waiting: db.query<{ n: number }, []>("SELECT count(*) AS n FROM deliveries WHERE ended_ms IS NULL").get()!
      .n,
    states: db
      .query<{ done: number; n: number }, []>(
        "SELECT done, count(*) AS n FROM escalation_states GROUP BY done",
      )
      .all(),
  };
}
