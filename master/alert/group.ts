import type { AlertView, ChannelView, Labels, Muted } from "../../views/alert-model.ts";
import { matches } from "./labels.ts";

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
}

/** One message to one channel. */
export interface Notice {
  channel: string;
  group: string;
  labels: Labels;
  firing: AlertView[];
  resolved: AlertView[];
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
>;

export interface GroupsGiven {
  channels: readonly GroupingChannel[];
  groups: ReadonlyMap<string, Group>;
  alerts: ReadonlyMap<string, AlertView>;
  muted: ReadonlyMap<string, Muted>;
  owners: ReadonlyMap<string, string>;
  now: number;
}

export const groupID = ({ channel, key }: Pick<Group, "channel" | "key">): string => `${channel} ${key}`;

export function wants(
  channel: GroupingChannel,
  alert: AlertView,
  owners: ReadonlyMap<string, string>,
): boolean {
  if (channel.tenant !== undefined && channel.tenant !== owners.get(alert.cluster)) return false;
  if (channel.severities.length > 0 && !channel.severities.includes(alert.severity)) return false;
  return matches(channel.matchers, alert.labels);
}

/**
 * Decides what is to be told now: pure. As in Alertmanager, the first message of a group waits for `groupWait`, in
 * which more may join; what changes is told after `groupInterval`, and what does not again after `repeat`, unless
 * somebody has taken it all up.
 */
export function decide(given: GroupsGiven): { groups: Map<string, Group>; notices: Notice[] } {
  const groups = new Map<string, Group>();
  const notices: Notice[] = [];
  const firing = [...given.alerts.values()].filter(
    (one) => one.state === "firing" && !given.muted.has(one.fingerprint),
  );
  for (const channel of given.channels) {
    if (!channel.enabled) {
      // What it was told stays known, so that it can be told of the end once it is switched on again.
      for (const [id, group] of given.groups) if (group.channel === channel.id) groups.set(id, group);
      continue;
    }
    const members = new Map<string, { key: string; labels: Labels; alerts: AlertView[] }>();
    for (const alert of firing) {
      if (!wants(channel, alert, given.owners)) continue;
      const labels = Object.fromEntries(channel.groupBy.map((name) => [name, alert.labels[name] ?? ""]));
      const key = JSON.stringify(Object.values(labels));
      const id = groupID({ channel: channel.id, key });
      const known = members.get(id);
      if (known) known.alerts.push(alert);
      else members.set(id, { key, labels, alerts: [alert] });
    }
    for (const [id, group] of given.groups)
      if (group.channel === channel.id && !members.has(id))
        members.set(id, { key: group.key, labels: group.labels, alerts: [] });
    for (const [id, { key, labels, alerts }] of members) {
      const before = given.groups.get(id);
      const group = before ?? { channel: channel.id, key, labels, firstMs: given.now, sentMs: 0, told: [] };
      const { next, notice } = ofGroup(given, channel, group, alerts);
      if (next) groups.set(id, next);
      if (notice) notices.push(notice);
    }
  }
  return { groups, notices };
}

function ofGroup(
  { alerts: all, now }: GroupsGiven,
  channel: GroupingChannel,
  group: Group,
  firing: AlertView[],
): { next?: Group; notice?: Notice } {
  const told = new Set(group.told);
  const over = group.told.filter((one) => all.get(one)?.state !== "firing");
  const fresh = firing.some((one) => !told.has(one.fingerprint));
  // Silenced or inhibited since it was told: it fires still, and nobody hears of it.
  const kept = group.told.filter((one) => all.get(one)?.state === "firing");
  if (firing.length === 0 && kept.length === 0 && (over.length === 0 || !channel.sendResolved)) return {};
  const changed = fresh || (over.length > 0 && channel.sendResolved);
  const open = firing.some((one) => one.ack === undefined);
  const due =
    group.sentMs === 0
      ? fresh && now >= group.firstMs + channel.groupWaitMs
      : changed
        ? now >= group.sentMs + channel.groupIntervalMs
        : open && now >= group.sentMs + channel.repeatMs;
  if (!due) {
    const still = channel.sendResolved ? group.told : kept;
    return { next: still.length === group.told.length ? group : { ...group, told: still } };
  }
  // One that is not known any more cannot be told of, but was told about: the group's end still is.
  const resolved = channel.sendResolved
    ? over.map((one) => all.get(one)).filter((one): one is AlertView => one !== undefined)
    : [];
  const after = [...new Set([...kept, ...firing.map((one) => one.fingerprint)])].sort();
  const next = { ...group, sentMs: now, told: after };
  if (firing.length === 0 && resolved.length === 0) return { next };
  return {
    next,
    notice: { channel: channel.id, group: group.key, labels: group.labels, firing, resolved },
  };
}
