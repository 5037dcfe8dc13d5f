import type { Measured } from "../../../views/alert-model.ts";
import type { Event } from "../../../wire/event.ts";
import type { NodeMetricsSnapshot } from "../../../wire/metrics.ts";
import { kindKeys, kinds } from "../../../wire/kinds.ts";
import type { CertificateExpiry } from "../../../wire/status.ts";
import type { Awaited } from "../awaited.ts";
import type { ClusterViews } from "../cluster-views.ts";
import type { Clusters } from "../clusters.ts";
import type { NodeMetricsStore } from "../nodes.ts";
import type { Objects } from "../objects.ts";
import type { UsageStore } from "../usage.ts";
import { clusterValues } from "./clusters.ts";
import type { Happening } from "./happening.ts";
import { Happenings, type PastEvents } from "./happenings.ts";
import {
  type Column,
  columnOf,
  type Line,
  type Missing,
  nodeValues,
  type Points,
  type Subject,
  type SubjectValues,
  type Values,
} from "./measured.ts";
import { Memory } from "./memory.ts";
import { PodValues } from "./pods.ts";

/** A probe pushes every 5 s; of what is older than this nobody knows whether it still holds. */
const freshMs = 60_000;

/** What was before now, as far as it is not in memory. */
export interface Past {
  /** What a line had; undefined while that is not known. It is told what the line has now. */
  window(cluster: string, line: Line, ms: number, now: number): Points | undefined;
  events: PastEvents;
}

/** What values are read from. */
export interface ValueSources {
  awaited: Awaited;
  clusters: Clusters;
  objects: Objects;
  metrics: NodeMetricsStore;
  usage: UsageStore;
  views: ClusterViews;
  failed: (error: unknown) => void;
}

/** The values of one cluster as they are now. What is computed is kept until `begin` is called for the next moment. */
export class LiveValues implements Values {
  readonly #id: string;
  readonly #from: ValueSources;
  readonly #pods: PodValues;
  readonly #memory = new Memory();
  readonly #values = new WeakMap<NodeMetricsSnapshot, SubjectValues>();
  readonly #nodes = new Map<string, Subject>();
  readonly #columns = new Map<string, Column>();
  readonly #happenings: Happenings;
  #past: Past | undefined;
  #now = 0;
  #liveMs: number | undefined;

  constructor(id: string, from: ValueSources) {
    this.#id = id;
    this.#from = from;
    this.#pods = new PodValues(id, from.objects, from.usage);
    this.#happenings = new Happenings(id, from.failed);
  }

  /** `liveMs`: since when it is known of the cluster how it is; undefined while it is not. */
  begin(now: number, liveMs: number | undefined, past: Past | undefined): this {
    this.#now = now;
    this.#liveMs = liveMs;
    this.#past = past;
    this.#columns.clear();
    return this;
  }

  /** What was there, or is missed, to be kept over a restart. */
  get memory(): Pick<Memory, "changes" | "keepOnly" | "restore"> {
    return this.#memory;
  }

  /** Makes ready what rules over pods read, in steps. */
  ready(): Generator<undefined, void> {
    return this.#pods.ready(this.#now);
  }

  column(of: Measured, group: string, series: string): Column {
    if (of === "pod" || of === "workload")
      return group === "usage" || group === ""
        ? this.#pods.column(of, series, this.#now)
        : { series, groups: group, subjects: [], values: [] };
    const key = `${of}\n${group}\n${series}`;
    let column = this.#columns.get(key);
    if (!column) {
      column = columnOf(of === "node" ? this.#ofNodes() : this.#ofCluster(), group, series);
      this.#columns.set(key, column);
    }
    return column;
  }

  window(line: Line, ms: number): Points | undefined {
    return this.#past?.window(this.#id, line, ms, this.#now);
  }

  *missing(
    of: Measured,
    group: string,
    series: string,
    held: readonly Missing[] = [],
  ): Generator<Missing | undefined> {
    const key = `${of}\n${group}\n${series}`;
    const column = this.column(of, group, series);
    const fromMs = this.#liveMs ?? this.#now;
    for (const one of yield* this.#memory.lines(key, column, held, this.#now, fromMs, freshMs))
      if (this.#runs(one.subject)) yield one;
  }

  gone(kind: string, held: readonly Missing[] = []): Iterable<Missing> {
    const key = kindKeys.find((one) => kinds[one].kind === kind);
    // Before the list has come after a start, what was missed is still, and nobody knows of the rest.
    if (key && !this.#from.awaited.listed(this.#id, key, this.#now))
      return held.filter((one) => one.subject.kind === kind);
    return key
      ? this.#memory.objects(
          kind,
          this.#from.objects.tables[key].of(this.#id),
          held,
          this.#now,
          this.#liveMs ?? this.#now,
        )
      : [];
  }

  events(): Iterable<Happening> | undefined {
    return this.#happenings.since(this.#past?.events, this.#now);
  }

  certificates(): readonly CertificateExpiry[] | undefined {
    const status = this.#from.clusters.get(this.#id)?.status;
    // An agent that has just started has not looked yet.
    return status?.certificates ?? (status?.synced ? [] : undefined);
  }

  happened(event: Event): void {
    this.#happenings.take(event);
  }

  silent({ kind, namespace, name }: Pick<Subject, "kind" | "namespace" | "name">): boolean {
    if (kind === "Cluster") return this.#liveMs === undefined;
    if (kind === "Node") {
      const known = this.#from.metrics.get(this.#id, name);
      // After a start the node may be there before its probe is heard: what was full then has not emptied since.
      if (known === undefined) return this.#from.objects.tables.node.get(this.#id, name) !== undefined;
      return this.#now - known.receivedMs >= freshMs;
    }
    return this.#pods.silent(
      kind,
      namespace,
      name,
      this.#now,
      (node) => this.#from.metrics.get(this.#id, node) !== undefined,
    );
  }

  *#ofNodes(): Generator<[Subject, SubjectValues]> {
    for (const [name, { snapshot, receivedMs }] of this.#from.metrics.of(this.#id)) {
      if (this.#now - receivedMs >= freshMs) continue;
      let subject = this.#nodes.get(name);
      if (!subject) {
        subject = { kind: "Node", namespace: "", name, node: name };
        this.#nodes.set(name, subject);
      }
      yield [subject, this.#valuesOf(snapshot)];
    }
  }

  *#ofCluster(): Generator<[Subject, SubjectValues]> {
    const view = this.#from.views.view(this.#id);
    const all = view && this.#liveMs !== undefined ? clusterValues(view) : [];
    if (all.length === 0) return;
    const values = new Map<string, Map<string, number>>();
    for (const { group, name, value } of all) {
      const known = values.get(group) ?? new Map<string, number>();
      values.set(group, known.set(name, value));
    }
    for (const known of values.values()) {
      const total = known.get("total");
      if (total) known.set("share", known.get("used")! / total);
    }
    yield [{ kind: "Cluster", namespace: "", name: "", node: "" }, values];
  }

  /** Whether it is there and ought to have values. */
  #runs({ kind, namespace, name }: Subject): boolean {
    if (kind === "Cluster") return true;
    const { tables } = this.#from.objects;
    if (kind === "Node") return tables.node.get(this.#id, name) !== undefined;
    return this.#pods.runs(kind, namespace, name);
  }

  #valuesOf(snapshot: NodeMetricsSnapshot): SubjectValues {
    let values = this.#values.get(snapshot);
    if (!values) {
      values = nodeValues(snapshot);
      this.#values.set(snapshot, values);
    }
    return values;
  }
}
