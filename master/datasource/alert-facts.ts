import type { Event } from "../../wire/event.ts";
import type { Node } from "../../wire/node.ts";
import { kindKeys, kinds } from "../../wire/kinds.ts";
import type { Entry } from "./entry.ts";
import type { Fault } from "./problems.ts";
import { LiveValues, type Past, type ValueSources } from "./values/live.ts";
import type { Kept } from "./values/memory.ts";
import type { Values } from "./values/measured.ts";

/** What rules are judged by, of one cluster. */
export interface ClusterFacts extends Values {
  id: string;
  name: string;
  /** The time that it is of, in ms. */
  now: number;
  /** Whether what is known of it is of now: not while its agent is silent, nor before it told everything anew. */
  live: boolean;
  /** Makes ready what rules over pods and workloads read, in steps between which others get their turn. */
  ready?(): Iterable<undefined>;
  /** Whether all that is known of it is from before the master's start, and its agent is about to tell. */
  starting?: boolean;
  faults: readonly Fault[];
  labelsOf(kind: string, namespace: string, name: string): Readonly<Record<string, string>>;
}

interface From extends ValueSources {
  now: () => number;
}

/** What was there, by cluster. */
export interface KeptOf extends Kept {
  cluster: string;
}

export class AlertFacts {
  readonly #labels = new WeakMap<Entry, Record<string, string>>();
  readonly #liveMs = new Map<string, number>();
  readonly #values = new Map<string, LiveValues>();

  readonly #from: From;

  constructor(from: From) {
    this.#from = from;
  }

  /** Something happened in a cluster. */
  happened(cluster: string, event: Event): void {
    this.#valuesOf(cluster).happened(event);
  }

  forget(cluster: string): void {
    for (const known of [this.#liveMs, this.#values]) known.delete(cluster);
  }

  /** What is different about what was there, since this was asked last. */
  changes(): KeptOf[] {
    return [...this.#values].flatMap(([cluster, values]) =>
      values.memory.changes().map((one) => ({ cluster, ...one })),
    );
  }

  /** Forgets what no rule asks for. */
  keepOnly(asked: ReadonlySet<string>): void {
    for (const values of this.#values.values()) values.memory.keepOnly(asked);
  }

  /** Takes what was there before a start. */
  restore(kept: readonly KeptOf[]): void {
    const now = this.#from.now();
    for (const { cluster, ...one } of kept)
      if (this.#from.clusters.get(cluster)) this.#valuesOf(cluster).memory.restore([one], now);
  }

  read(past?: Past): ClusterFacts[] {
    const time = this.#from.now();
    return this.#from.clusters.ids().map((id) => this.#factsOf(id, time, past));
  }

  #factsOf(id: string, time: number, past: Past | undefined): ClusterFacts {
    const { awaited, clusters, objects, views } = this.#from;
    const live = clusters.connection(id, time) === "connected" && awaited.told(id, time);
    if (!live) this.#liveMs.delete(id);
    else if (!this.#liveMs.has(id)) this.#liveMs.set(id, time);
    const values = this.#valuesOf(id).begin(time, this.#liveMs.get(id), past);
    return {
      id,
      name: clusters.get(id)!.record.name,
      live,
      starting: awaited.starting(id, time),
      now: time,
      faults: views.faults(id),
      labelsOf: (kind, namespace, name) => {
        const key = kindKeys.find((one) => kinds[one].kind === kind);
        const entry = key && objects.tables[key].get(id, namespace === "" ? name : `${namespace}/${name}`);
        return entry ? this.#labelsOf(entry) : none;
      },
      ready: () => values.ready(),
      column: (of, group, series) => values.column(of, group, series),
      window: (line, ms) => values.window(line, ms),
      missing: (of, group, series, held) => values.missing(of, group, series, held),
      gone: (kind, held) => values.gone(kind, held),
      certificates: () => values.certificates(),
      events: () => values.events(),
      silent: (subject) => values.silent(subject),
    };
  }

  #valuesOf(id: string): LiveValues {
    let values = this.#values.get(id);
    if (!values) {
      values = new LiveValues(id, this.#from);
      this.#values.set(id, values);
    }
    return values;
  }

  #labelsOf(entry: Entry): Record<string, string> {
    let labels = this.#labels.get(entry);
    if (!labels) {
      labels = (JSON.parse(entry.text) as Pick<Node, "labels">).labels ?? {};
      this.#labels.set(entry, labels);
    }
    return labels;
  }
}

const none = {};
