import type { AlertView, ChannelView, Labels, Muted } from "../../views/alert-model.ts";
import type { Escalated } from "./escalate.ts";
import { matches } from "./labels.ts";
import { ofGroup } from "./of-group.ts";
import { atOnce } from "./slices.ts";

/** What a channel was told of a group of alerts. */
export interface Group {
  channel: string;
  /** The values of the channel's `groupBy` labels, as JSON. */
  key: string;
  labels: Labels;
  /** Since when there is something to tell; not later than `sentMs` where there is nothing. */
  firstMs: number;
  /** When something was told last; 0: never. */
  sentMs: number;
  /** Fingerprints of the alerts that it was told fire. */
  told: readonly string[];
  /** Those of them that are over, which it has still to be told: by then they may be forgotten elsewhere. */
  ended?: readonly AlertView[];
  /** Those of them that nobody heard of when something was told last, silenced or inhibited: its reader missed them. */
  left?: readonly string[];
  /** Those of them that planned work hides, or has hidden since: where they still fire after that, it is told at once. */
  hidden?: readonly string[];
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
  /** Clusters of which nobody knows yet whether what fired before the master's start still does. */
  starting?: ReadonlySet<string>;
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
 * Decides what is to be told now: pure. As in Alertmanager, a message of a group waits for `groupWait`, in which more may
 * join, and comes no sooner than `groupInterval` after the one before; what does not change is told again after `repeat`,
 * unless somebody has taken it all up. Outside of a channel's active times everything waits for them: then what still fires is
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
