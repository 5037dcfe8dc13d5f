import { addHistory, putAlerts, removeAlerts } from "../database/alerts.ts";
import { putGroups, removeGroups } from "../database/channels.ts";
import type { Database } from "../database/database.ts";
import { putSubjects } from "../database/digests.ts";
import { putEscalationStates, removeEscalationStates } from "../database/escalations.ts";
import type { Channels } from "../notify/channels.ts";
import { mostAlertsOf } from "../notify/registry.ts";
import { type Changes, difference } from "./differences.ts";
import { enqueueNotice } from "./enqueue.ts";
import type { Escalated, EscalationState } from "./escalate.ts";
import type { Group, Notice } from "./group.ts";
import { type Part, partsOf, together } from "./record-parts.ts";

interface Turn<T> {
  before: ReadonlyMap<string, T>;
  after: ReadonlyMap<string, T>;
}

/** What came of judging all rules once. */
export interface Judged {
  changes: Changes;
  groups: Turn<Group>;
  steps: Turn<EscalationState>;
  /** The steps of escalation that were taken. */
  taken: Escalated["taken"];
  notices: readonly Notice[];
}

/**
 * Writes down what is different and what is to be told; nothing where nothing is. What is much is written in parts, in
 * an order in which each can be the last: first how alerts are, of which the next judgement would decide the same again;
 * then each message with what its group and its steps of escalation then know of it; and what is forgotten.
 */
export async function record(
  database: Database,
  judged: Judged,
  channels: Pick<Channels, "get">,
  now: number,
): Promise<void> {
  const { changes, notices, taken } = judged;
  const group = difference(judged.groups.before, judged.groups.after);
  const step = difference(judged.steps.before, judged.steps.after);
  const all = { changes, notices, taken, group, step };
  const rows = [changes.put, changes.removed, group.put, group.gone, step.put, step.gone, notices];
  const count = rows.reduce((sum, one) => sum + one.length, 0);
  if (count === 0) return;
  const write = (part: Part) => writeDown(database, part, channels, now);
  if (count <= together) return database.transaction(() => write(all));
  await database.inParts(
    (function* () {
      for (const part of partsOf(all)) yield () => write(part);
    })(),
  );
}

async function writeDown(
  database: Database,
  { changes, notices, taken, group, step }: Part,
  channels: Pick<Channels, "get">,
  now: number,
): Promise<void> {
  await putAlerts(database, changes.put);
  await removeAlerts(database, changes.removed);
  await addHistory(database, [...changes.history, ...taken.map((one) => one.entry)]);
  await putSubjects(database, changes.fired);
  await putGroups(database, group.put);
  await removeGroups(database, group.gone);
  await putEscalationStates(database, step.put);
  await removeEscalationStates(database, step.gone);
  for (const one of notices) {
    await enqueueNotice(database, one, mostAlertsOf(channels.get(one.channel)?.type), now);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
