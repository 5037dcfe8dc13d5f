import { Engine } from "../../../master/alert/engine.ts";
import { startReceiver } from "../../../master/alert/testing.ts";
import type { ClusterFacts } from "../../../master/datasource/alert-facts.ts";
import { nothingMeasured } from "../../../master/datasource/values/measured.ts";
import { putSilence, endSilence } from "../../../master/database/alerts.ts";
import { channelDefaults } from "../../../master/notify/channels.ts";
import { startOutbox } from "../../../master/notify/testing.ts";
import {
  type Action,
  type Known,
  nameOf,
  type Receiver,
  rules,
  type Thing,
  type Told,
  toldBy,
} from "./world.ts";

const begin = Date.UTC(2026, 0, 5);
/** So often it is judged; once a second otherwise. */
const everyMs = 250;

/** What our engine, its outbox and its webhooks tell, on a clock that is moved on. */
export async function tellOurs(
  things: ReadonlyMap<string, Thing>,
  receivers: readonly Receiver[],
  actions: readonly Action[],
  untilMs: number,
): Promise<{ told: Told[]; known: Map<string, Known> }> {
  const clock = { now: begin };
  const told: Told[] = [];
  const server = startReceiver((one) => {
    told.push(toldBy(one.path.slice(1), clock.now - begin, one.body));
    return new Response("ok");
  });
  const outbox = await startOutbox({ now: () => clock.now, publicUrl: "" });
  for (const { name, ...more } of receivers) {
    const settings = { url: `${server.url}/${name}` };
    await outbox.channels.put(
      { ...channelDefaults, ...more, name, type: "webhook", settings },
      undefined,
      undefined,
    );
  }
  const broken = new Set<string>();
  const clusters = [...new Set([...things.values()].map((one) => one.cluster))];
  const facts = (): ClusterFacts[] =>
    clusters.map((id) => ({
      id,
      name: id,
      now: clock.now,
      live: true,
      faults: [...broken].map((one) => things.get(one)!.fault).filter((one) => one.cluster === id),
      labelsOf: () => ({}),
      ...nothingMeasured,
    }));
  const failures: unknown[] = outbox.faults;
  const engine = new Engine({
    database: outbox.database,
    facts,
    owners: new Map(),
    channels: outbox.channels,
    sender: outbox.sender,
    fileRules: () => rules,
    changed: () => undefined,
    failed: (_what, error) => failures.push(error),
    now: () => clock.now,
  });
  await engine.load();
  await outbox.sender.start();
  const waiting = outbox.database.main.prepare<{ n: number }, []>(
    "SELECT count(*) AS n FROM deliveries WHERE state IN ('queued', 'sending')",
  );
  const known = new Map<string, Known>();
  const todo = [...actions].sort((a, b) => a.atMs - b.atMs);
  try {
    for (; clock.now <= begin + untilMs; clock.now += everyMs) {
      for (; todo[0] && todo[0].atMs <= clock.now - begin; todo.shift()) {
        const one = todo[0];
        if (one.do === "start") broken.add(one.thing);
        else if (one.do === "end") broken.delete(one.thing);
        else {
          if (one.do === "unsilence") await endSilence(outbox.database, one.id, clock.now);
          else
            await putSilence(outbox.database, {
              ...{ id: one.id, matchers: one.matchers, comment: "c", by: "b" },
              ...{ createdMs: clock.now, startsMs: clock.now, endsMs: clock.now + 3_600_000 },
            });
          await engine.reload();
        }
      }
      await engine.tick();
      for (const { labels, annotations } of engine.alerts.values())
        known.set(nameOf(labels), { labels, annotations });
      while (waiting.get()!.n > 0) await Bun.sleep(1);
    }
    if (failures.length > 0) throw failures[0];
    return { told, known };
  } finally {
    await engine.stop();
    await outbox.stop();
    await server.stop();
  }
}
