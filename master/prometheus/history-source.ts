import type { StoredPod } from "../database/metrics/pods.ts";
import type { SeriesName } from "../database/metrics/series.ts";
import type { Subject } from "../database/metrics/subjects.ts";
import type { Series } from "../../views/model.ts";
import { clusterGroup } from "../history/column-info.ts";
import { ofNode } from "../history/names.ts";
import type { PlainReader } from "../history/plain-reader.ts";
import { mostPoints, type Points } from "../history/points.ts";
import { tiers } from "../history/tiers.ts";
import { cpuOf, memoryOf } from "../history/totals.ts";
import type { Source, Wanted } from "./evaluate/source.ts";
import type { Matcher } from "./language/matchers.ts";
import {
  isWorkload,
  labelOf,
  type Labels,
  metricOf,
  nodeLabels,
  type Usage,
  usageLabels,
  usageMetric,
} from "./names.ts";

/** A subject that may have series that match. */
interface Asked {
  subject: Subject;
  cluster: { id: string; name: string };
  /** Of a node or cluster the series that match, by their numbers. */
  ids: ReadonlyMap<number, SeriesName>;
  /** Whether a series' own labels match. */
  matches(labels: Readonly<Record<string, string>>): boolean;
  /** Whether there may be a match among the series of a metric. */
  named(metric: string): boolean;
  /** After how many names that are matched there is a pause. */
  pause: number;
}

type Take = (labels: Labels, points: Points) => Iterable<void> | void;

/** Labels that say where a series is; what else it has is its own. */
const places: ReadonlySet<string> = new Set([
  ...["cluster", "cluster_id", "node", "namespace", "workload", "workload_kind"],
]);
const secondsOfSample = 5;
/** So many names are matched between two pauses. */
const someNames = 100;
/** With regular expressions beyond this each name is a step of its own. */
const smallPattern = 50;
/** Of so many pods a block is read in a few milliseconds. */
const mostPodsAtOnce = 250;
const usages = ["cpu", "memory"] as const satisfies Usage[];

/** The metrics history as series of Prometheus: what a reader sees, of clusters that there are. */
export class HistorySource implements Source {
  readonly #reader: PlainReader;
  /** Names by id. */
  readonly #clusters: ReadonlyMap<string, string>;

  constructor(reader: PlainReader, clusters: Iterable<{ id: string; name: string }>) {
    this.#reader = reader;
    this.#clusters = new Map(Array.from(clusters, ({ id, name }) => [id, name]));
  }

  *select(matchers: readonly Matcher[], wanted: Wanted, take: Take): Generator<void> {
    const of = { range: wanted, figure: wanted.figure, tier: wanted.tier };
    for (const asked of this.#subjects(matchers, wanted)) {
      yield;
      if (!asked) continue;
      const { subject, cluster, ids, matches } = asked;
      if (ofNode(subject)) {
        const found = yield* this.#reader.seriesPoints(subject, ids.keys(), of);
        for (const [id, points] of found) {
          yield* take(nodeLabels(cluster, subject, ownName(subject, ids.get(id)!)), points) ?? [];
          yield;
        }
        continue;
      }
      for (const which of usages) {
        if (isWorkload(subject) && matches({ __name__: usageMetric("workload", which) })) {
          const points = yield* this.#reader.workloadPoints(subject, which, of);
          if (points) yield* take(usageLabels(cluster, subject, which), points) ?? [];
        }
        const pods = yield* this.#podsOf(subject, which, asked, wanted);
        for (const some of portions(pods, wanted)) {
          const found = yield* this.#reader.podPoints(subject, which, some, of);
          for (const [pod, points] of found) {
            yield* take(usageLabels(cluster, subject, which, pod), points) ?? [];
            yield;
          }
        }
      }
    }
  }

  /** The labels of all series in a range, as far as blocks tell without being read as a whole. */
  *series(
    matchers: readonly Matcher[],
    range: { fromMs: number; toMs: number },
  ): Generator<Labels | undefined> {
    for (const asked of this.#subjects(matchers, range)) {
      yield undefined;
      if (!asked) continue;
      const { subject, cluster, ids, matches } = asked;
      const columns = this.#reader.columnsIn(subject, range);
      if (ofNode(subject)) {
        for (const id of columns) {
          const series = ids.get(id);
          if (series) yield nodeLabels(cluster, subject, ownName(subject, series));
        }
        continue;
      }
      if (columns.size === 0) continue;
      for (const which of usages) {
        if (isWorkload(subject) && matches({ __name__: usageMetric("workload", which) }))
          yield usageLabels(cluster, subject, which);
        const column = which === "cpu" ? cpuOf : memoryOf;
        const pods = yield* this.#podsOf(subject, which, asked, range);
        for (const name of new Set(pods.filter(({ id }) => columns.has(column(id))).map((pod) => pod.name)))
          yield usageLabels(cluster, subject, which, name);
      }
    }
  }

  /** Who may have series that match, and of nodes and clusters which; nobody at a pause. */
  *#subjects(
    matchers: readonly Matcher[],
    range: { fromMs: number; toMs: number },
  ): Generator<Asked | undefined> {
    const atPlace = matchers.filter(({ label }) => places.has(label));
    const own = matchers.filter(({ label }) => !places.has(label));
    const matches = (labels: Readonly<Record<string, string>>) =>
      own.every((one) => one.matches(labelOf(labels, one.label)));
    const byName = own.filter(({ label }) => label === "__name__");
    const named = (metric: string) => byName.every((one) => one.matches(metric));
    const usage = usages.some(
      (which) => named(usageMetric("pod", which)) || named(usageMetric("workload", which)),
    );
    const pause = matchers.some(({ size }) => size > smallPattern) ? 1 : someNames;
    const known = new Map<string, Map<number, SeriesName>>();
    const none: ReadonlyMap<number, SeriesName> = new Map();
    for (const [at, subject] of this.#reader.subjectsIn(range).entries()) {
      if (at % pause === 0) yield undefined;
      const name = this.#clusters.get(subject.cluster);
      if (name === undefined) continue;
      const cluster = { id: subject.cluster, name };
      const place = placeOf(cluster, subject);
      if (!atPlace.every((one) => one.matches(labelOf(place, one.label)))) continue;
      if (!ofNode(subject)) {
        if (usage) yield { subject, cluster, ids: none, matches, named, pause };
        continue;
      }
      let ids = known.get(subject.kind);
      if (!ids) {
        ids = yield* this.#idsOf(subject, matches, pause);
        known.set(subject.kind, ids);
      }
      if (ids.size > 0) yield { subject, cluster, ids, matches, named, pause };
    }
  }

  *#idsOf(
    subject: Subject,
    matches: (labels: Record<string, string>) => boolean,
    pause: number,
  ): Generator<undefined, Map<number, SeriesName>> {
    const found = new Map<number, SeriesName>();
    for (const [at, series] of this.#reader.seriesNames().entries()) {
      if (at % pause === 0) yield undefined;
      if (subject.kind === "Cluster" && !clusterGroup.test(series.group)) continue;
      const { metric, labels } = namedOf(subject.kind, series);
      if (matches({ __name__: metric, ...labels })) found.set(series.id, series);
    }
    return found;
  }

  *#podsOf(
    workload: Subject,
    which: Usage,
    { matches, named, pause }: Pick<Asked, "matches" | "named" | "pause">,
    range: { fromMs: number; toMs: number },
  ): Generator<undefined, StoredPod[]> {
    const metric = usageMetric("pod", which);
    const found: StoredPod[] = [];
    // Most queries are of other metrics, and need no list of pods.
    const pods = named(metric) ? this.#reader.podsIn(workload, range) : [];
    for (const [at, pod] of pods.entries()) {
      if (matches({ __name__: metric, pod: pod.name })) found.push(pod);
      if (at % pause === pause - 1) yield undefined;
    }
    return found;
  }
}

/** Pods in as many portions as it takes to hold the points of one, those of the same name together. */
function* portions(
  pods: readonly StoredPod[],
  { fromMs, toMs, tier }: Pick<Wanted, "fromMs" | "toMs" | "tier">,
): Generator<StoredPod[]> {
  const each = Math.max(1, (toMs - fromMs) / 1000 / (tiers[tier]!.seconds || secondsOfSample));
  const most = Math.min(mostPodsAtOnce, Math.max(1, Math.floor(mostPoints / 4 / each)));
  let portion: StoredPod[] = [];
  let names = 0;
  const ordered = pods.length <= most ? pods : [...pods].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [at, pod] of ordered.entries()) {
    if (at > 0 && pod.name !== ordered[at - 1]!.name && ++names % most === 0) {
      yield portion;
      portion = [];
    }
    portion.push(pod);
  }
  if (portion.length > 0) yield portion;
}

function placeOf(cluster: { id: string; name: string }, subject: Subject): Record<string, string> {
  const place = { cluster: cluster.name, cluster_id: cluster.id };
  if (ofNode(subject)) return subject.kind === "Node" ? { ...place, node: subject.name } : place;
  return { ...place, namespace: subject.namespace, workload: subject.name, workload_kind: subject.kind };
}

const ownName = ({ kind }: Pick<Subject, "kind">, { group, name, unit }: SeriesName) => ({
  group: kind === "Cluster" ? group.replace(clusterGroup, "") : group,
  name,
  unit: unit as Series["unit"],
});

type Named = ReturnType<typeof metricOf>;
const namesKnown = { node: new WeakMap<SeriesName, Named>(), cluster: new WeakMap<SeriesName, Named>() };

/** A name is made once: every query looks at all of them. */
function namedOf(kind: string, series: SeriesName): Named {
  const scope = kind === "Cluster" ? "cluster" : "node";
  let found = namesKnown[scope].get(series);
  if (!found) {
    found = metricOf(scope, ownName({ kind }, series));
    namesKnown[scope].set(series, found);
  }
  return found;
}
