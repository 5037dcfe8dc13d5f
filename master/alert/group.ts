import type { AlertView, ChannelView, Labels, Muted } from "../../views/alert-model.ts";
import { mostAlerts } from "../notify/message.ts";
import type { Escalated } from "./escalate.ts";
import { matches } from "./labels.ts";
import { atOnce } from "./slices.ts";
import { standingOfChannel } from "./times/active.ts";

/** What a channel was told of a group of alerts. */
export interface Group {
  channel: string;
  /** The values of the channel's `groupBy` labels, as JSON. */
  key: string;
  labels: Labels;
  /** When there was something to tell first, before anything was told. */
  firstMs: number;
  /** When something was told last; 0: never. */
  sentMs: number;
  /** Fingerprints of the alerts that it was told fire. */
  told: readonly string[];
  /** Those of them that are over, which it has still to be told: by then they may be forgotten elsewhere. */
  ended?: readonly AlertView[];
}

/** One message to one channel. */
export interface Notice {
  channel: string;
  group: string;
  labels: Labels;
  firing: AlertView[];
  resolved: AlertView[];
  /** Somebody had to take it up, and did not. */
  escalated?: true;
}

/** What a channel has to know of for grouping. */
export type GroupingChannel = Pick<
  ChannelView,
  | "id"
  | "enabled"
  | "tenant"
  | "severities"
  | "matchers"
  | "groupBy"
  | "groupWaitMs"
  | "groupIntervalMs"
  | "repeatMs"
  | "sendResolved"
  | "activeTimes"
>;

export interface GroupsGiven {
  channels: readonly GroupingChannel[];
  groups: ReadonlyMap<string, Group>;
  alerts: ReadonlyMap<string, AlertView>;
  muted: ReadonlyMap<string, Muted>;
  owners: ReadonlyMap<string, string>;
  now: number;
  /** What goes to a channel because nobody has taken it up. */
  escalated?: Pick<Escalated, "wanted" | "pressed">;
  /** What was not told of for planned work, which is over. */
  returned?: ReadonlySet<string>;
}

export const groupID = ({ channel, key }: Pick<Group, "channel" | "key">): string => `${channel} ${key}`;

export function wants(
  channel: Pick<GroupingChannel, "tenant" | "severities" | "matchers">,
  alert: Pick<AlertView, "cluster" | "severity" | "labels">,
  owners: ReadonlyMap<string, string>,
): boolean {
  if (channel.tenant !== undefined && channel.tenant !== owners.get(alert.cluster)) return false;
  if (channel.severities.length > 0 && !channel.severities.includes(alert.severity)) return false;
  return matches(channel.matchers, alert.labels);
}

/**
 * Decides what is to be told now: pure. As in Alertmanager, the first message of a group waits for `groupWait`, in
 * which more may join; what changes is told after `groupInterval`, and what does not again after `repeat`, unless
 * somebody has taken it all up. Outside of a channel's active times everything waits for them: then what still fires is
 * told, and of what it was told before, the end.
 */
export const decide = (given: GroupsGiven): Decided => atOnce(deciding(given));

/** As `decide`, in steps between which others get their turn. */
export function* deciding(given: GroupsGiven): Generator<void, Decided> {
  const known = byChannel(given.groups);
  const groups = new Map<string, Group>();
  const notices: Notice[] = [];
  const firing = [...given.alerts.values()].filter(
    (one) => one.state === "firing" && !given.muted.has(one.fingerprint),
  );
  for (const channel of given.channels) {
    const before = known.get(channel.id) ?? [];
    if (!channel.enabled) {
      // What it was told stays known, so that it can be told of the end once it is switched on again.
      for (const group of before) groups.set(groupID(group), group);
      continue;
    }
    const members = yield* membersOf(channel, firing, given);
    for (const group of before) {
      const id = groupID(group);
      if (!members.has(id)) members.set(id, { key: group.key, labels: group.labels, alerts: [] });
    }
    for (const [id, { key, labels, alerts }] of members) {
      yield;
      const group = given.groups.get(id) ?? {
        channel: channel.id,
        key,
        labels,
        firstMs: given.now,
        sentMs: 0,
        told: [],
      };
      const { next, notice } = ofGroup(given, channel, group, alerts);
      if (next) groups.set(id, next);
      if (notice) notices.push(notice);
    }
  }
  return { groups, notices };
}

export interface Decided {
  groups: Map<string, Group>;
  notices: Notice[];
}

interface Members {
  key: string;
  labels: Labels;
  alerts: AlertView[];
}

function byChannel(groups: ReadonlyMap<string, Group>): Map<string, Group[]> {
  const found = new Map<string, Group[]>();
  for (const one of groups.values()) {
    const there = found.get(one.channel);
    if (there) there.push(one);
    else found.set(one.channel, [one]);
  }
  return found;
}

/** What a channel is to be told of, in its groups. */
function* membersOf(
  channel: GroupingChannel,
  firing: readonly AlertView[],
  given: GroupsGiven,
): Generator<void, Map<string, Members>> {
  const members = new Map<string, Members>();
  const wanted = given.escalated?.wanted.get(channel.id);
  for (const alert of firing) {
    yield;
    if (!wanted?.has(alert.fingerprint) && !wants(channel, alert, given.owners)) continue;
    const labels = Object.fromEntries(channel.groupBy.map((name) => [name, alert.labels[name] ?? ""]));
    const key = JSON.stringify(Object.values(labels));
    const id = groupID({ channel: channel.id, key });
    const known = members.get(id);
    if (known) known.alerts.push(alert);
    else members.set(id, { key, labels, alerts: [alert] });
  }
  return members;
}

function ofGroup(
  { alerts: all, now, escalated, returned }: GroupsGiven,
  channel: GroupingChannel,
  group: Group,
  firing: AlertView[],
): { next?: Group; notice?: Notice } {
  const told = new Set(group.told);
  const over = group.told.filter((one) => all.get(one)?.state !== "firing");
  const fresh = firing.some((one) => !told.has(one.fingerprint));
  // Silenced or inhibited since it was told: it fires still, and nobody hears of it.
  const kept = group.told.filter((one) => all.get(one)?.state === "firing");
  const ended = channel.sendResolved ? endedOf(all, group, over) : [];
  if (firing.length === 0 && kept.length === 0 && (over.length === 0 || !channel.sendResolved)) return {};
  const changed = fresh || (over.length > 0 && channel.sendResolved);
  const open = firing.some((one) => one.ack === undefined);
  const pressed = firing.some((one) => escalated?.pressed.get(channel.id)?.has(one.fingerprint));
  const back = firing.some(
    ({ ack, fingerprint }) => ack === undefined && told.has(fingerprint) && returned?.has(fingerprint),
  );
  const due =
    standingOfChannel(channel, now).open &&
    (pressed ||
      back ||
      (group.sentMs === 0
        ? fresh && now >= group.firstMs + channel.groupWaitMs
        : changed
          ? now >= group.sentMs + channel.groupIntervalMs
          : open && now >= group.sentMs + channel.repeatMs));
  const { ended: before = [], ...rest } = group;
  if (!due) {
    const still = channel.sendResolved ? group.told : kept;
    const some = ended.slice(0, mostAlerts);
    const same = still.length === group.told.length && names(some) === names(before);
    return { next: same ? group : { ...rest, told: still, ...(some.length > 0 ? { ended: some } : {}) } };
  }
  // One that is not known any more cannot be told of, but was told about: the group's end still is.
  const after = [...new Set([...kept, ...firing.map((one) => one.fingerprint)])].sort();
  const next = { ...rest, sentMs: now, told: after };
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
