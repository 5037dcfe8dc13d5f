import type { ColumnInfo } from "../../history/column-info.ts";
import { isWorkload, nodeLabels, usageLabels } from "../names.ts";
import type { RemoteWriteSettings } from "./settings.ts";
import { labelBytes } from "./write-request.ts";

/** A series as the store knows it. */
export interface Entry {
  readonly cluster: string;
  readonly labels: Uint8Array;
  /** Whole numbers become values by these: one of the two is 1, since dividing is exact where multiplying is not. */
  readonly times: number;
  readonly parts: number;
  /** Of its newest sample, and how long before it the one before was. */
  lastMs: number;
  gapMs: number;
  /** Where its samples in the request that is being made begin and end; -1 without any. */
  first: number;
  last: number;
  count: number;
  /** The store knows that it has ended. */
  ended: boolean;
}

/** Of a subject, by column; pods of one name, such as those of a stateful set, take turns in one series. */
interface Entries {
  byColumn: Map<number, Entry | undefined>;
  byPod: Map<string, Entry>;
}

/** Columns that rows of a subject have again and again, and their series: undefined for those that are not sent. */
export interface RowSet {
  readonly subject: number;
  readonly ids: readonly number[];
  entries: (Entry | undefined)[];
  /** The state of the table that `entries` are of. */
  version: number;
  usedMs: number;
}

export interface SeriesOptions extends Pick<RemoteWriteSettings, "clusters" | "metrics"> {
  column(subject: number, id: number): ColumnInfo | undefined;
  clusterName(id: string): string | undefined;
}

/** Sets of a subject; a workload has one for each node that its pods are on, and they change with its pods. */
const mostSets = 1000;
const setUnusedMs = 600_000;
/** A series without a sample for so long, or for some of its own intervals, has ended. */
const endedAfterMs = 60_000;
const endedAfterGaps = 3;
/** What ended longer ago the store has forgotten by itself, and might not take any more. */
const forgottenMs = 1_800_000;

/** The series of a lane: what the numbers of the history's rows are to a store. */
export class SeriesTable {
  readonly #options: SeriesOptions;
  readonly #sets = new Map<number, RowSet[]>();
  readonly #entries = new Map<number, Entries>();
  #version = 1;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** The one set of these columns, so that what waits need not hold its own. */
  setOf(subject: number, ids: readonly number[], nowMs: number): RowSet {
    let sets = this.#sets.get(subject);
    if (!sets || sets.length >= mostSets) {
      sets = [];
      this.#sets.set(subject, sets);
    }
    for (const one of sets)
      if (same(one.ids, ids)) {
        one.usedMs = nowMs;
        return one;
      }
    const made = { subject, ids, entries: [], version: 0, usedMs: nowMs };
    sets.push(made);
    return made;
  }

  /** The series of a set's columns. */
  entriesOf(set: RowSet): RowSet["entries"] {
    if (set.version === this.#version) return set.entries;
    let known = this.#entries.get(set.subject);
    if (!known) {
      known = { byColumn: new Map(), byPod: new Map() };
      this.#entries.set(set.subject, known);
    }
    set.entries = set.ids.map((id) => {
      if (!known.byColumn.has(id)) known.byColumn.set(id, this.#entryOf(known.byPod, set.subject, id));
      return known.byColumn.get(id);
    });
    set.version = this.#version;
    return set.entries;
  }

  /** Finds the series of sets before they are needed: new ones take some microseconds each. */
  *prepare(sets: readonly RowSet[]): Generator<void, void> {
    for (const set of sets) {
      if (set.version === this.#version) continue;
      this.entriesOf(set);
      yield;
    }
  }

  /** Series that have ended by a time, at most so many, each once; lets go of what is not used any more. */
  *ended(ms: number, most: number): Generator<void, Entry[]> {
    const found: Entry[] = [];
    for (const entries of this.#entries.values()) {
      for (const one of entries.byColumn.values()) {
        if (!one || one.ended || one.lastMs === 0 || found.length >= most) continue;
        const silentMs = ms - one.lastMs;
        if (silentMs < Math.max(endedAfterMs, endedAfterGaps * one.gapMs) || silentMs >= forgottenMs)
          continue;
        one.ended = true;
        found.push(one);
      }
      this.#remove(entries, (one) => ms - one.lastMs >= forgottenMs);
      yield;
    }
    for (const [subject, sets] of this.#sets) {
      this.#sweepSets(subject, sets, ms);
      yield;
    }
    return found;
  }

  /** Ends all series of clusters that have another name now: under that they are others. */
  *renamed(clusters: ReadonlySet<string>): Generator<void, Entry[]> {
    const found: Entry[] = [];
    for (const entries of this.#entries.values()) {
      // What a filter kept out may be let in under its new name.
      for (const [id, one] of entries.byColumn)
        if (!one) entries.byColumn.delete(id);
        else if (clusters.has(one.cluster) && one.lastMs > 0 && !one.ended) {
          one.ended = true;
          found.push(one);
        }
      this.#remove(entries, (one) => clusters.has(one.cluster));
      yield;
    }
    this.#version++;
    return found;
  }

  #remove({ byColumn, byPod }: Entries, gone: (one: Entry) => boolean): void {
    for (const [id, one] of byColumn)
      if (one && gone(one)) {
        byColumn.delete(id);
        this.#version++;
      }
    for (const [name, one] of byPod) if (gone(one)) byPod.delete(name);
  }

  #sweepSets(subject: number, sets: readonly RowSet[], ms: number): void {
    const used = sets.filter((one) => ms - one.usedMs < setUnusedMs);
    if (used.length === sets.length) return;
    if (used.length > 0) this.#sets.set(subject, used);
    else {
      this.#sets.delete(subject);
      const { byColumn } = this.#entries.get(subject) ?? {};
      // Columns that are not sent would stay for ever.
      if (![...(byColumn?.values() ?? [])].some(Boolean)) this.#entries.delete(subject);
    }
  }

  #entryOf(byPod: Entries["byPod"], subject: number, id: number): Entry | undefined {
    const { column, clusterName, clusters, metrics } = this.#options;
    const info = column(subject, id);
    if (!info) return undefined;
    const { cluster } = info.subject;
    const name = clusterName(cluster) ?? cluster;
    if (clusters.size > 0 && !clusters.has(name) && !clusters.has(cluster)) return undefined;
    const labels = labelsOf({ id: cluster, name }, info);
    if (!labels || metrics?.test(labels.__name__!) === false) return undefined;
    const pod = "pod" in info && `${info.usage} ${info.pod}`;
    const before = pod && byPod.get(pod);
    if (before) return before;
    const small = info.step < 1;
    const made: Entry = {
      cluster,
      labels: labelBytes(labels),
      times: small ? 1 : info.step,
      parts: small ? Math.round(1 / info.step) : 1,
      lastMs: 0,
      gapMs: 0,
      first: -1,
      last: -1,
      count: 0,
      ended: false,
    };
    if (pod) byPod.set(pod, made);
    return made;
  }
}

function labelsOf(cluster: { id: string; name: string }, info: ColumnInfo) {
  if ("series" in info) return nodeLabels(cluster, info.subject, info.series);
  if (info.pod === undefined && !isWorkload(info.subject)) return undefined;
  return usageLabels(cluster, info.subject, info.usage, info.pod);
}

function same(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
