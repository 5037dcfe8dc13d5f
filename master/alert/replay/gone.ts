import type { Measured } from "../../../views/alert-model.ts";
import type { ClusterFacts } from "../../datasource/alert-facts.ts";
import { type Line, measuredOf, type Subject } from "../../datasource/values/measured.ts";
import { storedOf } from "../../datasource/values/stored.ts";
import type { Range } from "../../history/query.ts";
import type { Reader } from "../../history/reader.ts";
import { bySubject, type Lines } from "./values.ts";

const podsAtOnce = 100;

interface Asked {
  metrics: Reader;
  of: Measured;
  group: string;
  series: string;
  range: Range;
  /** Whether there is such a thing now. */
  there(subject: Subject): boolean;
  /** Whether the rule is for it. */
  wanted(subject: Subject): boolean;
}

/**
 * The lines of what a cluster has no more, and whose values are kept: nodes that left, pods that ended. Shares of what
 * only a living one says, such as a pod's limit, are not among them.
 */
export function* goneLines(facts: Pick<ClusterFacts, "id">, asked: Asked): Generator<void, Lines[]> {
  const { of, group, series, there, wanted } = asked;
  const stored = storedOf(of, group, series);
  if (of === "cluster" || (stored.scaled && stored.by === undefined)) return [];
  const lines: Line[] = [];
  for (const subject of subjectsOf(facts.id, asked)) {
    if (!subject) yield;
    else if (!there(subject) && wanted(subject))
      for (const name of groupsOf(facts.id, subject, asked, stored.series))
        lines.push({ subject, group: name, series, value: Number.NaN });
  }
  return bySubject(lines);
}

/** What had metrics within the time, the newest pods first; undefined where others may be let in. */
function* subjectsOf(cluster: string, { metrics, of, range }: Asked): Generator<Subject | undefined> {
  const seen = new Set<string>();
  let count = 0;
  for (const kept of metrics.plain.subjectsIn(range)) {
    if (++count % podsAtOnce === 0) yield undefined;
    const { kind, namespace, name } = kept;
    if (kept.cluster !== cluster || kind === "Cluster") continue;
    if (of !== "pod") {
      if (measuredOf({ kind }) === of) yield { kind, namespace, name, node: kind === "Node" ? name : "" };
      continue;
    }
    if (kind === "Node") continue;
    for (const pod of [...metrics.plain.podsIn(kept, range)].sort((a, b) => b.id - a.id)) {
      const key = `${namespace}/${pod.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size % podsAtOnce === 0) yield undefined;
      yield { kind: "Pod", namespace, name: pod.name, node: "" };
    }
  }
}

/** The group; of one with `*`, those that were kept of the subject. */
function groupsOf(
  cluster: string,
  subject: Subject,
  { metrics, group, range }: Asked,
  series: string,
): string[] {
  if (!group.endsWith("*")) return [group];
  const start = group.slice(0, -1);
  const { kind, namespace, name } = subject;
  const known = metrics.seriesOf({ cluster, kind, namespace, name }, range) ?? [];
  return known.filter((one) => one.name === series && one.group.startsWith(start)).map((one) => one.group);
}
