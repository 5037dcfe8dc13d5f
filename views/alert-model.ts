/** What pages show of alerts: the shapes that the master gives and the views render. */

import type { Severity } from "../wire/event.ts";
import type { Subject } from "./digest-model.ts";
import type { DifferenceLine } from "./parts/difference.ts";
import type { ActiveTimes, Schedule } from "./schedule-model.ts";
import type { Series } from "./model.ts";

/** Of alerts, the worst first, as forms offer them. */
export const severities = ["critical", "warning", "info"] as const satisfies readonly Severity[];

/** Whether a series is a share of a whole, 0 to 1, which people read as percents. */
export const isShare = (group: string, series: string): boolean =>
  group === "pressure" ||
  group === "cores" ||
  / of (request|limit)$/.test(series) ||
  /^(share|usage|inodes|busy|user|system|iowait|steal|nice|irq|softirq)$/.test(series);

/** What the values of a series are in. */
export function unitOf(group: string, series: string): Series["unit"] {
  if (isShare(group, series)) return "share";
  if (group === "temperature") return "celsius";
  // A cluster's are in cores, a node's are shares.
  if (group === "cpu") return series === "used" || series === "total" ? "cores" : "share";
  if (group === "usage" && series === "cpu") return "cores";
  if (group.startsWith("net ") || (group.startsWith("io ") && /^(read|written)$/.test(series)))
    return "bytes/s";
  if (group === "swap" && /^(in|out)$/.test(series)) return "bytes/s";
  if (/^io .* ?(reads|writes)$/.test(`${group} ${series}`)) return "1/s";
  if (series === "inodes used" || !/^(memory|swap|usage$|disk )/.test(group)) return "count";
  return "bytes";
}

/** One setting of a type of channel. */
export interface ChannelField {
  name: string;
  /** Encrypted where it is stored, and never shown again. An address that lets anybody post is one too. */
  secret?: true;
  required?: true;
  kind: "url" | "text" | "number" | "choice" | "lines" | "zone";
  choices?: readonly string[];
  fallback?: string;
  /** Fields that stand together, folded away. */
  part?: "digest";
}

export type Labels = Readonly<Record<string, string>>;

/** A rule holds for one thing: since when, how it stands, and who has taken it up. */
export interface AlertView {
  /** From the rule and what it is about alone; names the alert wherever it is spoken of. */
  fingerprint: string;
  /** The rule's id. */
  rule: string;
  /** The rule's name when this was judged last. */
  name: string;
  severity: Severity;
  /** The master's id. */
  cluster: string;
  /** What it is about: `kind`, `namespace` ("" for none) and `name`. */
  kind: string;
  namespace: string;
  object: string;
  /** What matchers, groups and receivers see: alertname, severity, cluster, namespace, kind, name, node, … */
  labels: Labels;
  annotations: Labels;
  state: "pending" | "firing" | "resolved";
  /** Since when the condition holds. */
  sinceMs: number;
  firedMs?: number;
  resolvedMs?: number;
  /** When the condition held last. */
  lastMs: number;
  /** The value that a threshold compares. */
  value?: number;
  /** When it began to fire, of the last hour: several times, and it flaps. */
  fired: readonly number[];
  flapping: boolean;
  ack?: Acknowledgement;
}

export interface Acknowledgement {
  by: string;
  atMs: number;
  note: string;
}

/** Why nobody is told of an alert that fires. */
export type Muted =
  | { by: "silence"; id: string; comment: string; who: string; endsMs: number }
  | { by: "maintenance"; id: string; name: string; reason: string; who: string; endsMs?: number }
  | { by: "inhibition"; fingerprint: string; name: string };

export interface MatcherView {
  name: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
}

export interface SilenceView {
  id: string;
  /** Where it holds; nothing: everywhere. */
  tenant?: string;
  cluster?: string;
  namespace?: string;
  matchers: readonly MatcherView[];
  comment: string;
  by: string;
  createdMs: number;
  startsMs: number;
  endsMs: number;
}

/** Planned work: while one of its openings holds, nobody is told of what matches. */
export interface MaintenanceView {
  id: string;
  /** Where it holds; nothing: everywhere. */
  tenant?: string;
  cluster?: string;
  namespace?: string;
  matchers: readonly MatcherView[];
  name: string;
  reason: string;
  by: string;
  createdMs: number;
  schedule: Schedule;
  /** An opening was ended before its time: until then it is closed. */
  closedUntilMs?: number;
}

/** Who is told when nobody takes an alert up: a step after the other. */
export interface EscalationView {
  id: string;
  name: string;
  enabled: boolean;
  tenant?: string;
  severities: readonly Severity[];
  matchers: readonly MatcherView[];
  /** Each so long after the one before; the first after the alert began to fire. */
  steps: readonly { afterMs: number; channel: string }[];
  /** How often all of them come again. */
  repeats: number;
  createdMs: number;
}

/** How far an alert has come in a policy. */
export interface InEscalation {
  policy: string;
  name: string;
  /** Steps taken, of how many. */
  done: number;
  all: number;
  /** Absent where all are taken. */
  next?: { atMs: number; step: number; channel: string };
}

/** One time that an alert fired. */
export interface PastAlert {
  about: Subject;
  firedMs: number;
  /** Absent where it goes on, or where its rule was gone before. */
  resolvedMs?: number;
  going?: boolean;
  /** What it said when it began. */
  summary: string;
  takenBy?: string;
}

/** What became of the last word to the dead man's switch; without a time nothing was said yet. */
export interface HeartbeatView {
  on: boolean;
  atMs?: number;
  /** Why nobody heard it. */
  why?: string;
}

export interface PastPage {
  items: readonly PastAlert[];
  /** Where there are more: the cursor of those. */
  next?: string;
}

export interface HistoryView {
  atMs: number;
  what: "firing" | "resolved" | "acknowledged" | "flapping" | "escalated";
  by: string;
  note: string;
}

/** Whose values rules can be about. */
export const measured = ["node", "pod", "workload", "cluster"] as const;
export type Measured = (typeof measured)[number];

/** The series of a condition over values; of nodes, where it does not say of what. */
export interface LineView {
  of?: Measured;
  group: string;
  series: string;
}

export type ConditionView =
  | { type: "problem"; kinds?: string[]; reasons?: string[] }
  | ({ type: "threshold"; op: "above" | "below"; trigger: number; clear: number } & LineView)
  | ({
      type: "rate";
      op: "rises" | "falls";
      per: "minute" | "hour";
      trigger: number;
      clear: number;
      windowMs: number;
    } & LineView)
  | ({
      type: "forecast";
      op: "rises" | "falls";
      level: number;
      floor?: number;
      windowMs: number;
      withinMs: number;
      clearMs: number;
    } & LineView)
  | ({ type: "absence"; what: "values" | "object"; kinds?: string[]; names?: string[] } & Partial<LineView>)
  | { type: "certificate"; names?: string[]; withinMs: number; clearMs: number }
  | {
      type: "events";
      kinds?: string[];
      reasons?: string[];
      severities?: Severity[];
      message?: string;
      by: "object" | "namespace" | "cluster";
      count: number;
      windowMs: number;
    };

export interface RuleView {
  id: string;
  name: string;
  enabled: boolean;
  severity: Severity;
  condition: ConditionView;
  /** So long the condition has to hold before anybody is told. */
  forMs: number;
  /** So long it has to be over before it counts as over. */
  keepMs: number;
  scope: { clusters?: string[]; namespaces?: string[]; labels?: Record<string, string> };
  labels: Record<string, string>;
  annotations: { summary: string; description: string };
  /** Whose it is; nothing: the installation's. */
  tenant?: string;
  /** `default`: comes with the program; `changed`: one of these that was changed here; `own`: made here; `file`. */
  origin: "default" | "changed" | "own" | "file";
  /** The file that it comes from; it is changed there. */
  file?: string;
  /** In a file: it stands in the place of one that was made or changed here. */
  hides?: boolean;
}

/** What is wrong with a file of rules, at a place in it. */
export interface RuleFault {
  /** From 1; absent where the file as a whole is wrong. */
  line?: number;
  column?: number;
  /** The rule's id, or `#2`. */
  rule?: string;
  /** Within the rule: `condition.trigger`. */
  path?: string;
  message: string;
}

/** What one rule of an import would change. */
export interface RuleDifference {
  id: string;
  name: string;
  /** Whether there is none of this id yet. */
  added: boolean;
  lines: readonly DifferenceLine[];
}

/** What an import would change, or what is wrong with it. */
export interface RuleComparison {
  faults: readonly RuleFault[];
  different: readonly RuleDifference[];
  /** How many are as they are already. */
  same: number;
  /** Of what was compared: an import that was looked at is taken only while it is the same. */
  state: string;
}

/** How it is with a file of rules. */
export interface RuleFileView {
  file: string;
  /** How many of its rules are judged: those that it had when it was right last. */
  rules: number;
  /** What is wrong with it as it is now; then it counts as it was. */
  faults: readonly RuleFault[];
  /** Since when it is so. */
  sinceMs: number;
}

export interface ChannelView {
  id: string;
  name: string;
  type: string;
  enabled: boolean;
  tenant?: string;
  /** Without its secrets, of which only the names are told. */
  settings: Record<string, string>;
  secrets: readonly string[];
  severities: readonly Severity[];
  matchers: readonly MatcherView[];
  groupBy: readonly string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  repeatMs: number;
  sendResolved: boolean;
  /** Outside of these it is told nothing; absent: always. */
  activeTimes?: ActiveTimes;
  createdMs: number;
}

export interface DeliveryView {
  id: string;
  channel: string;
  channelName: string;
  title: string;
  /** `superseded`: a newer one of its group was sent in its place, and told of all that it would have told. */
  state: "queued" | "sending" | "sent" | "failed" | "superseded";
  attempts: number;
  createdMs: number;
  nextMs: number;
  endedMs?: number;
  /** What the receiver, or what was in the way, said last. */
  answer: string;
  /** The id of the newer one. */
  supersededBy?: string;
  fingerprints: readonly string[];
}
