import { expect, test } from "bun:test";
import type { AlertView, EscalationView } from "../../views/alert-model.ts";
import { alertView } from "../../views/testing/viewing.ts";
import { listAlerts } from "../database/alerts.ts";
import { listGroups, putChannel } from "../database/channels.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { listEscalationStates, putEscalation } from "../database/escalations.ts";
import { channelDefaults } from "../notify/channels.ts";
import { differing } from "./differences.ts";
import { escalate, stateID } from "./escalate.ts";
import { decide, groupID } from "./group.ts";
import { record } from "./record.ts";
import { atOnce } from "./slices.ts";

const now = 1_700_000_000_000;
const channel = { ...channelDefaults, id: "h1", groupWaitMs: 0, groupBy: ["name"] };
const policy: EscalationView = {
  ...{ id: "p", name: "On call", enabled: true, severities: [], matchers: [], repeats: 0, createdMs: 1 },
  steps: [{ afterMs: 0, channel: "h1" }],
};
const alerts = new Map(
  Array.from({ length: 300 }, (_empty, n): [string, AlertView] => {
    const { ack: _, ...plain } = alertView(`a${n}`);
    const labels = { name: `a${n}`, cluster: "prod" };
    return [`a${n}`, { ...plain, fingerprint: `a${n}`, cluster: "c1", rule: "r", state: "firing", labels }];
  }),
);
const owners = new Map([["c1", "t1"]]);

/** A database whose process ends after so many parts. */
function ending(db: Database, after: number): Database {
  const inParts: Database["inParts"] = (parts) =>
    db.inParts(
      (function* () {
        let count = 0;
        for (const one of parts) {
          if (count++ === after) throw new Error("killed");
          yield one;
        }
      })(),
    );
  return new Proxy(db, { get: (of, name) => (name === "inParts" ? inParts : Reflect.get(of, name)) });
}

/** One judgement, of what a master that has just started reads. */
async function judge(db: Database, to: Database = db): Promise<void> {
  const stored = new Map((await listAlerts(db)).map((one) => [one.fingerprint, one]));
  const groups = new Map((await listGroups(db)).map((one) => [groupID(one), one]));
  const states = new Map((await listEscalationStates(db)).map((one) => [stateID(one), one]));
  const all = { alerts, muted: new Map(), owners, now };
  const escalated = escalate({ ...all, states, policies: [policy] });
  const decided = decide({ ...all, groups, channels: [channel], escalated });
  const judged = {
    changes: atOnce(differing(stored, alerts, now)),
    groups: { before: groups, after: decided.groups },
    steps: { before: states, after: escalated.states },
    taken: escalated.taken,
    notices: decided.notices,
  };
  await record(to, judged, { get: () => ({ type: "webhook" }) as never }, now);
}

const count = (db: Database, sql: string) =>
  db.main.query<{ n: number }, []>(`SELECT count(*) AS n ${sql}`).get()!.n;

test("wherever writing many alerts ends, what follows neither loses nor doubles one, its message or its step", async () => {
  let parts = 0;
  for (let after = 0; ; after++) {
    const db = openDatabase(":memory:");
    await putChannel(db, {
      ...channel,
      name: "hook",
      type: "webhook",
      settings: {},
      sealed: {},
      createdMs: 1,
    });
    await putEscalation(db, policy);
    const ended = await judge(db, ending(db, after)).then(
      () => false,
      () => true,
    );
    if (ended) parts++;
    await judge(db);
    await judge(db);
    expect(count(db, "FROM alerts")).toBe(300);
    expect(count(db, "FROM alert_subjects")).toBe(300);
    expect(count(db, "FROM alert_history WHERE what = 'firing'")).toBe(300);
    expect(count(db, "FROM alert_history WHERE what = 'escalated'")).toBe(300);
    expect(count(db, "FROM escalation_states WHERE done = 1")).toBe(300);
    expect(count(db, "FROM alert_groups")).toBe(300);
    expect(count(db, "FROM deliveries")).toBe(300);
    expect(count(db, "FROM delivered_alerts")).toBe(300);
    db.close();
    if (!ended) break;
  }
  expect(parts).toBeGreaterThanOrEqual(5);
});
