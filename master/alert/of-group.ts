import type { AlertView } from "../../views/alert-model.ts";
import { mostAlerts } from "../notify/message.ts";
import type { Group, GroupingChannel, GroupsGiven, Notice } from "./group.ts";
import { standingOfChannel } from "./times/active.ts";

/** What one group's channel is to be told now, and what is remembered of it. */
export function ofGroup(
  { alerts: all, now, escalated, muted, starting }: GroupsGiven,
  channel: GroupingChannel,
  group: Group,
  firing: AlertView[],
): { next?: Group; notice?: Notice } {
  const { sendResolved } = channel;
  const told = new Set(group.told);
  const over = group.told.filter((one) => all.get(one)?.state !== "firing");
  const wereLeft = new Set(group.left);
  const fresh = firing.some(({ fingerprint: one }) => !told.has(one) || wereLeft.has(one));
  // Silenced or inhibited since it was told: it fires still, and nobody hears of it.
  const kept = group.told.filter((one) => all.get(one)?.state === "firing");
  const ended = sendResolved ? endedOf(all, group, over) : [];
  const changed = fresh || over.length > 0;
  const waited = group.firstMs > group.sentMs;
  const firstMs = changed ? (waited ? group.firstMs : now) : Math.min(group.firstMs, group.sentMs);
  const ripe =
    changed &&
    now >= firstMs + channel.groupWaitMs &&
    (group.sentMs === 0 || now >= group.sentMs + channel.groupIntervalMs);
  // Of an end that is not told the group knows as long as of one that is: what begins again meanwhile is not news.
  const still = ripe && !sendResolved ? kept : group.told;
  if (firing.length === 0 && kept.length === 0 && still.length === 0) return {};
  const open = firing.some((one) => one.ack === undefined);
  const pressed = firing.some((one) => escalated?.pressed.get(channel.id)?.has(one.fingerprint));
  const hidden = hiddenIn(group, kept, all, muted);
  const from = new Set(hidden);
  const back = firing.some((one) => from.has(one.fingerprint));
  const known = !firing.some((one) => starting?.has(one.cluster));
  const again = !changed && open && group.sentMs > 0 && now >= group.sentMs + channel.repeatMs;
  const due =
    known &&
    standingOfChannel(channel, now).open &&
    (pressed || back || again || (ripe && (fresh || sendResolved)));
  const { ended: before = [], left = [], hidden: was = [], ...rest } = group;
  if (!due) {
    const some = ended.slice(0, mostAlerts);
    const same =
      still.length === group.told.length &&
      names(some) === names(before) &&
      firstMs === group.firstMs &&
      hidden.join() === was.join();
    const missed = left.length > 0 ? { left } : {};
    return {
      next: same
        ? group
        : {
            ...rest,
            ...missed,
            ...notEmpty(hidden),
            firstMs,
            told: still,
            ...(some.length > 0 ? { ended: some } : {}),
          },
    };
  }
  // One that is not known any more cannot be told of, but was told about: the group's end still is.
  const heard = new Set(firing.map((one) => one.fingerprint));
  const missed = kept.filter((one) => !heard.has(one));
  const after = [...new Set([...kept, ...heard])].sort();
  const next = {
    ...rest,
    firstMs: now,
    sentMs: now,
    told: after,
    ...(missed.length > 0 ? { left: missed } : {}),
    ...notEmpty(hidden.filter((one) => muted.has(one))),
  };
  if (firing.length === 0 && ended.length === 0) return { next };
  return {
    next,
    notice: {
      channel: channel.id,
      group: group.key,
      labels: group.labels,
      firing,
      resolved: ended,
      ...(pressed ? { escalated: true as const } : {}),
    },
  };
}

const notEmpty = (hidden: readonly string[]) => (hidden.length > 0 ? { hidden } : {});

/** What it was told of and planned work hides, or has hidden since it was told last; a restart does not forget it. */
function hiddenIn(
  { hidden = [] }: Group,
  kept: readonly string[],
  all: GroupsGiven["alerts"],
  muted: GroupsGiven["muted"],
): readonly string[] {
  if (hidden.length === 0 && muted.size === 0) return hidden;
  const before = new Set(hidden);
  return kept.filter((one) => {
    const why = muted.get(one);
    // Who has taken it up need not be told.
    return why ? why.by === "maintenance" || before.has(one) : before.has(one) && !all.get(one)?.ack;
  });
}

const names = (all: readonly AlertView[]) => all.map((one) => one.fingerprint).join();

/** Of those that are over, what there is to tell. */
function endedOf(
  all: ReadonlyMap<string, AlertView>,
  { ended = [] }: Group,
  over: readonly string[],
): AlertView[] {
  return over.flatMap((name) => {
    const now = all.get(name);
    // It may be about to begin anew: what is told is its end.
    return now?.state === "resolved" ? now : (ended.find((one) => one.fingerprint === name) ?? now ?? []);
  });
}
