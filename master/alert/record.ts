import { addHistory, putAlerts, removeAlerts } from "../database/alerts.ts";
import { putGroups, removeGroups } from "../database/channels.ts";
import type { Database } from "../database/database.ts";
import { putSubjects } from "../database/digests.ts";
import { putEscalationStates, removeEscalationStates } from "../database/escalations.ts";
import type { Channels } from "../notify/channels.ts";
import { mostAlertsOf } from "../notify/registry.ts";
import { type Changes, difference } from "./differences.ts";
import { enqueueNotice } from "./enqueue.ts";
import type { EscalationState } from "./escalate.ts";
import type { Group, Notice } from "./group.ts";

interface Turn<T> {
  before: ReadonlyMap<string, T>;
  after: ReadonlyMap<string, T>;
}

/** What came of judging all rules once. */
export interface Judged {
  changes: Changes;
  groups: Turn<Group>;
  steps: Turn<EscalationState>;
  notices: readonly Notice[];
}

/** Writes down what is different and what is to be told, in one transaction; nothing where nothing is. */
export async function record(
  database: Database,
  { changes, groups, steps, notices }: Judged,
  channels: Pick<Channels, "get">,
  now: number,
): Promise<void> {
  const group = difference(groups.before, groups.after);
  const step = difference(steps.before, steps.after);
  const touched = [changes.put, changes.removed, group.put, group.gone, step.put, step.gone, notices];
  if (touched.every((one) => one.length === 0)) return;
  await database.transaction(async () => {
    await putAlerts(database, changes.put);
    await removeAlerts(database, changes.removed);
    await addHistory(database, changes.history);
    await putSubjects(database, changes.fired);
    await putGroups(database, group.put);
    await removeGroups(database, group.gone);
    await putEscalationStates(database, step.put);
    await removeEscalationStates(database, step.gone);
    for (const one of notices) {
      const most = mostAlertsOf(channels.get(one.channel)?.type);
      await enqueueNotice(database, one, most, now);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
}
