import type { Series } from "../../views/model.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import { ofNode } from "../history/names.ts";

type Unit = Series["unit"];

/** A series of a node or cluster by the names of our own; groups of clusters are without `cluster `. */
export interface OwnName {
  group: string;
  name: string;
  unit: Unit;
}

/** The labels of a series, `__name__` among them, in the order of their names. None is empty. */
export type Labels = Readonly<Record<string, string>>;

/** A label that is not there is empty, be it called as what every object has (`constructor`). */
export const labelOf = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? labels[name]! : "";

/** What a metric is of: a node, a pod, a workload or a cluster as a whole. */
export type Scope = "node" | "pod" | "workload" | "cluster";
export type Usage = "cpu" | "memory";

const prefix = "atlhyper_";
/** Longer ones first, so that reading a name finds the whole of its unit. */
const suffixes = {
  "bytes/s": "_bytes_per_second",
  "1/s": "_per_second",
  celsius: "_celsius",
  ratio: "_ratio",
  cores: "_cores",
  bytes: "_bytes",
  count: "",
} as const;
/** Groups of one device each, `disk /data`: the device is a label of this name. */
const deviceLabels: Readonly<Record<string, string>> = { disk: "mount", io: "device", net: "device" };
/** Groups whose series are named by what they are of; that is a label, and all of them are one metric. */
const listed: readonly { group: string; stem: string; label: string }[] = [
  { group: "cores", stem: "core_usage", label: "core" },
  { group: "temperature", stem: "temperature", label: "sensor" },
];
/** What cannot be said in a metric's name is said in labels of this metric. */
const otherStem = "other";
const usageMetrics = { cpu: "cpu_cores", memory: "memory_bytes" } as const;

/** The labels of a node's series or of a cluster's. */
export function nodeLabels(
  cluster: { id: string; name: string },
  subject: Pick<Subject, "kind" | "name">,
  series: OwnName,
): Labels {
  const node = subject.kind === "Node";
  const { metric, labels } = metricOf(node ? "node" : "cluster", series);
  return labelsOf(metric, cluster, { ...labels, ...(node ? { node: subject.name } : {}) });
}

/** The labels of what a workload uses with all of its pods, or of one of the pods. */
export function usageLabels(
  cluster: { id: string; name: string },
  workload: Pick<Subject, "kind" | "namespace" | "name">,
  which: Usage,
  pod?: string,
): Labels {
  const { kind, namespace, name } = workload;
  return labelsOf(usageMetric(pod === undefined ? "workload" : "pod", which), cluster, {
    namespace,
    workload: name,
    workload_kind: kind,
    ...(pod === undefined ? {} : { pod }),
  });
}

export const usageMetric = (of: "pod" | "workload", which: Usage): string =>
  `${prefix}${of}_${usageMetrics[which]}`;

/** Whether a subject has series of its own as a workload: a pod that nothing owns is none, and nodes are not. */
export const isWorkload = (subject: Pick<Subject, "kind" | "namespace">): boolean =>
  !ofNode(subject) && subject.kind !== "Pod";

/**
 * A series' metric, and the labels that tell it from others of the metric on the same node. No two series have the
 * same: a name is taken only where reading it gives the series again, and labels hold any text.
 */
export function metricOf(
  scope: "node" | "cluster",
  series: OwnName,
): { metric: string; labels: Record<string, string> } {
  const { group, name } = series;
  const start = `${prefix}${scope}_`;
  const end = suffixOf(series.unit);
  const natural = naturalOf(series);
  if (natural) {
    const made = { metric: `${start}${natural.stem}${end}`, labels: natural.labels };
    const read = seriesOf(made.metric, made.labels);
    if (read && read.group === group && read.name === name && suffixOf(read.unit) === end) return made;
  }
  return { metric: `${start}${otherStem}${end}`, labels: { group, name } };
}

/** The series of a node or cluster that a metric with these labels is; undefined where it is no such metric. */
export function seriesOf(metric: string, labels: Readonly<Record<string, string>>): OwnName | undefined {
  const [, rest] = /^atlhyper_(?:node|cluster)_(.+)$/.exec(metric) ?? [];
  if (rest === undefined) return undefined;
  const [unit, suffix] = unitIn(rest);
  const stem = rest.slice(0, rest.length - suffix.length);
  if (stem === otherStem) return { group: labels.group ?? "", name: labels.name ?? "", unit };
  const list = listed.find((one) => one.stem === stem);
  if (list) return { group: list.group, name: labels[list.label] ?? "", unit };
  if (loads.test(stem)) return { group: "load", name: stem, unit };
  const at = stem.indexOf("_");
  if (at < 1) return undefined;
  const word = stem.slice(0, at);
  const name = stem.slice(at + 1).replaceAll("_", " ");
  const device = Object.hasOwn(deviceLabels, word) ? deviceLabels[word]! : undefined;
  return { group: device === undefined ? word : `${word} ${labels[device] ?? ""}`, name, unit };
}

/** The unit that a metric's name ends with, and how. */
export function unitIn(metric: string): [unit: Unit, suffix: string] {
  for (const [unit, suffix] of Object.entries(suffixes))
    if (metric.endsWith(suffix)) return [unit === "ratio" ? "share" : (unit as Unit), suffix];
  return ["count", ""];
}

const suffixOf = (unit: Unit): string => suffixes[unit === "share" ? "ratio" : unit] ?? "";
const loads = /^load\d+$/;
const word = /^[A-Za-z][A-Za-z0-9]*$/;
const words = /^[A-Za-z0-9]+( [A-Za-z0-9]+)*$/;

/** The words of a metric's name between scope and unit, as one would write them. */
function naturalOf({ group, name }: OwnName): { stem: string; labels: Record<string, string> } | undefined {
  const list = listed.find((one) => one.group === group);
  if (list) return { stem: list.stem, labels: { [list.label]: name } };
  if (group === "load" && loads.test(name)) return { stem: name, labels: {} };
  if (!words.test(name)) return undefined;
  const end = name.replaceAll(" ", "_");
  const at = group.indexOf(" ");
  const device =
    at > 0 && Object.hasOwn(deviceLabels, group.slice(0, at)) && deviceLabels[group.slice(0, at)];
  if (device) return { stem: `${group.slice(0, at)}_${end}`, labels: { [device]: group.slice(at + 1) } };
  return word.test(group) ? { stem: `${group}_${end}`, labels: {} } : undefined;
}

function labelsOf(
  metric: string,
  { id, name }: { id: string; name: string },
  labels: Readonly<Record<string, string>>,
): Labels {
  const all = Object.entries({ __name__: metric, cluster: name, cluster_id: id, ...labels });
  // A label that is empty is one that is not there.
  return Object.fromEntries(all.filter(([, value]) => value !== "").sort(([a], [b]) => (a < b ? -1 : 1)));
}
