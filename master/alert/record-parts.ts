import { type Escalated, type EscalationState, stateID, type Step } from "./escalate.ts";
import type { Changes } from "./differences.ts";
import { type Group, groupID, type Notice } from "./group.ts";

/** So many rows are written together. */
export const together = 250;

/** What is written down at once. */
export interface Part {
  changes: Changes;
  notices: readonly Notice[];
  taken: Escalated["taken"];
  group: { put: readonly Group[]; gone: readonly Group[] };
  step: { put: readonly EscalationState[]; gone: readonly EscalationState[] };
}

const nothing: Part = {
  changes: { put: [], removed: [], history: [], fired: [] },
  notices: [],
  taken: [],
  group: { put: [], gone: [] },
  step: { put: [], gone: [] },
};

/**
 * Parts of what is to be written, each of which can be the last: how alerts are, each message with what its group and its
 * steps of escalation then know of it, and what is forgotten.
 */
export function* partsOf(all: Part): Generator<Part, void> {
  for (const changes of ofAlerts(all.changes)) yield { ...nothing, changes };
  yield* ofNotices(all);
  for (const gone of batches(all.group.gone)) yield { ...nothing, group: { put: [], gone } };
  for (const gone of batches(all.step.gone)) yield { ...nothing, step: { put: [], gone } };
  for (const removed of batches(all.changes.removed))
    yield { ...nothing, changes: { ...nothing.changes, removed } };
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += together) yield rows.slice(at, at + together);
}

/** Alerts with what happened to them, which is told in the alerts' order. */
function* ofAlerts({ put, history, fired }: Changes): Generator<Changes> {
  let [told, began] = [0, 0];
  for (const some of batches(put)) {
    const part: Changes = { put: some, removed: [], history: [], fired: [] };
    for (const { fingerprint } of some) {
      while (history[told]?.fingerprint === fingerprint) part.history.push(history[told++]!);
      if (fired[began]?.fingerprint === fingerprint) part.fired.push(fired[began++]!);
    }
    yield part;
  }
}

interface Unit {
  notices: Notice[];
  taken: Step[];
  group: { put: Group[]; gone: [] };
  step: { put: EscalationState[]; gone: [] };
}

const empty = (): Unit => ({
  notices: [],
  taken: [],
  group: { put: [], gone: [] },
  step: { put: [], gone: [] },
});

/** Messages with what is known of them from then on, some together; then what has to do with none. */
function* ofNotices({ notices, taken, group, step }: Part): Generator<Part> {
  const groups = new Map(group.put.map((one) => [groupID(one), one]));
  const states = new Map(step.put.map((one) => [stateID(one), one]));
  const steps = byMessage(taken);
  const into = (unit: Unit, some: readonly Step[]) => {
    for (const one of some) {
      unit.taken.push(one);
      take(states, stateID(one), unit.step.put);
    }
  };
  let unit = empty();
  let weight = 0;
  for (const notice of notices) {
    unit.notices.push(notice);
    take(groups, groupID({ channel: notice.channel, key: notice.group }), unit.group.put);
    for (const { fingerprint } of notice.escalated ? notice.firing : []) {
      const key = keyOf({ channel: notice.channel, fingerprint });
      into(unit, steps.get(key) ?? []);
      steps.delete(key);
    }
    weight += 1 + notice.firing.length + notice.resolved.length;
    if (weight < together) continue;
    yield { ...nothing, ...unit };
    unit = empty();
    weight = 0;
  }
  yield { ...nothing, ...unit };
  // Steps that nobody is told of now: their channel is switched off, or has its hours later.
  for (const some of batches([...steps.values()].flat())) {
    const rest = empty();
    into(rest, some);
    yield { ...nothing, ...rest };
  }
  for (const put of batches([...groups.values()])) yield { ...nothing, group: { put, gone: [] } };
  for (const put of batches([...states.values()])) yield { ...nothing, step: { put, gone: [] } };
}

const keyOf = ({ channel, fingerprint }: Pick<Step, "channel" | "fingerprint">) =>
  `${channel} ${fingerprint}`;

function byMessage(taken: readonly Step[]): Map<string, Step[]> {
  const found = new Map<string, Step[]>();
  for (const one of taken) {
    const key = keyOf(one);
    const there = found.get(key);
    if (there) there.push(one);
    else found.set(key, [one]);
  }
  return found;
}

function take<T>(from: Map<string, T>, id: string, to: T[]): void {
  const one = from.get(id);
  if (one === undefined) return;
  from.delete(id);
  to.push(one);
}
