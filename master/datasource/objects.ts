import type { Row, UsageView } from "../../views/model.ts";
import { type AnyItem, type ItemOf, type KindKey, kindKeys, kinds } from "../../wire/kinds.ts";
import type { Pod } from "../../wire/pod.ts";
import type { ListItem, ListPayload } from "../hub/payloads.ts";
import { canBreak, changeOf, type Changes } from "./changes.ts";
import { type Entry, ownerKey, type Standing } from "./entry.ts";
import { columnNames, makeEntry } from "./facts.ts";
import { notedOf, notesOf } from "./notes.ts";
import { Parsed } from "./parsed.ts";
import { parseQuantity } from "../../wire/values.ts";
import type { Measure } from "./orders.ts";
import type { Group } from "./lookup.ts";
import { Removed } from "./removed.ts";
import type { Noted } from "../history/marks.ts";
import { Table } from "./table.ts";
import type { UsageStore } from "./usage.ts";

const withPods: readonly KindKey[] = [
  "deployment",
  "statefulset",
  "daemonset",
  "replicaset",
  "job",
  "cronjob",
  "namespace",
];

export const usageID = (entry: Pick<Entry, "uid" | "key">): string => entry.uid || entry.key;
export const nodeUsageID = (name: string): string => `node ${name}`;

/** An entry before it is in its table. */
interface ReadyEntry {
  entry: Entry;
  before: Entry | undefined;
  /** What is different about the object in a way that can break something. */
  changed: string | undefined;
  /** What has happened to it, as charts mark it. */
  noted: Noted[];
}

/** For so long others wait while entries are made ready. */
const sliceMs = 3;

/** All objects of all clusters, one table a kind, and what joins them. */
export class Objects {
  readonly tables: Record<KindKey, Table>;
  readonly removed = new Removed();
  readonly #usage: UsageStore;
  readonly #changes: Changes;
  readonly #parsed = new Parsed();
  /** What `prepare` has made of items that come through the hub next. */
  readonly #ready = new WeakMap<ListItem, ReadyEntry>();
  readonly #listed = new Set<string>();
  readonly #now: () => number;
  readonly #note: (one: Noted) => void;
  /** Verdicts on nodes that their metrics give, by cluster and node. */
  readonly #verdicts = new Map<string, Standing>();

  constructor(
    usage: UsageStore,
    changes: Changes,
    measures: Record<string, Measure>,
    now: () => number,
    note: (one: Noted) => void = () => undefined,
  ) {
    this.#usage = usage;
    this.#note = note;
    this.#changes = changes;
    this.#now = now;
    const cpu: Measure = (entry) => this.#current("cpuCores", entry);
    const memory: Measure = (entry) => this.#current("memoryBytes", entry);
    const table = (kind: KindKey) => {
      if (kind === "node") return new Table(columnNames(kind), measures);
      const sum = withPods.includes(kind);
      return new Table(columnNames(kind), {
        ...(kind === "pod" ? { cpu, memory } : {}),
        ...(sum
          ? {
              cpu: (entry: Entry) => this.#sum(kind, entry, "cpuCores"),
              memory: (entry: Entry) => this.#sum(kind, entry, "memoryBytes"),
            }
          : {}),
      });
    };
    this.tables = Object.fromEntries(kindKeys.map((kind) => [kind, table(kind)])) as Record<KindKey, Table>;
  }

  /** Whether a whole list of a kind has come of a cluster since this master started. */
  listed(cluster: string, kind: KindKey): boolean {
    return this.#listed.has(`${kind} ${cluster}`);
  }

  /** Puts a list or its changes in; gives whether anything is different now. */
  apply(kind: KindKey, cluster: string, payload: ListPayload): boolean {
    const table = this.tables[kind];
    if (payload.mode === "full") this.#listed.add(`${kind} ${cluster}`);
    const before = new Set(payload.mode === "full" ? table.of(cluster).keys() : []);
    let different = false;
    for (const given of payload.items) {
      const { key, text, item } = given;
      before.delete(key);
      const known = table.get(cluster, key);
      if (known?.text === text) continue;
      const ready = this.#ready.get(given);
      // What was made ready for an entry that is not there any more is made again.
      if (ready && ready.before === known) this.#take(kind, ready);
      else this.#put(kind, cluster, key, text, item);
      different = true;
    }
    for (const key of payload.mode === "full" ? before : payload.removed)
      if (table.remove(cluster, key)) {
        this.removed.add(kind, cluster, key, this.#now());
        different = true;
      }
    return different;
  }

  /** Makes ready what `apply` will put in for these items, a few ms at a time. */
  async prepare(kind: KindKey, cluster: string, items: readonly ListItem[]): Promise<void> {
    // What its metrics say of a node may change meanwhile; and there are never so many.
    if (kind === "node") return;
    const table = this.tables[kind];
    let since = performance.now();
    for (const given of items) {
      if (performance.now() - since > sliceMs) {
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
      const { key, text, item } = given;
      if (table.get(cluster, key)?.text !== text)
        this.#ready.set(given, this.#make(kind, cluster, key, text, item));
    }
  }

  /** Judges again what time alone may have changed; gives the clusters and kinds that are different now. */
  recheck(): { cluster: string; kind: KindKey }[] {
    const now = this.#now();
    const found: { cluster: string; kind: KindKey }[] = [];
    for (const kind of kindKeys) {
      const due: Entry[] = [];
      for (const entry of this.tables[kind].timed) if (entry.recheckMs <= now) due.push(entry);
      for (const entry of due) {
        this.#put(kind, entry.cluster, entry.key, entry.text);
        found.push({ cluster: entry.cluster, kind });
      }
    }
    return found;
  }

  /** Sets what a node's metrics say about it; gives whether that is new. */
  judgeNode(cluster: string, name: string, verdict: Standing | undefined): boolean {
    const id = `${cluster}\n${name}`;
    if (this.#verdicts.get(id)?.why === verdict?.why) return false;
    if (verdict) this.#verdicts.set(id, verdict);
    else this.#verdicts.delete(id);
    const entry = this.tables.node.get(cluster, name);
    if (entry) this.#put("node", cluster, name, entry.text);
    return entry !== undefined;
  }

  removeCluster(cluster: string): void {
    for (const kind of kindKeys) {
      this.tables[kind].removeCluster(cluster);
      this.#listed.delete(`${kind} ${cluster}`);
    }
    for (const id of [...this.#verdicts.keys()]) if (id.startsWith(`${cluster}\n`)) this.#verdicts.delete(id);
  }

  row<K extends KindKey>(kind: K, entry: Entry): Row<ItemOf[K]> {
    const { cluster, key, health, state, why, sinceMs, createdMs } = entry;
    const usage = this.#usageOf(kind, entry);
    const item = this.#parsed.of(entry) as ItemOf[K];
    return { cluster, key, item, health, state, why, sinceMs, createdMs, ...(usage ? { usage } : {}) };
  }

  /** Pods that an object owns, through all levels, or that run in a namespace. */
  podsOf(kind: KindKey, entry: Pick<Entry, "cluster" | "namespace" | "name">): Group {
    const pods = this.tables.pod;
    if (kind === "namespace") return pods.byNamespace.get(entry.cluster, entry.name);
    const owner = ownerKey(kinds[kind].kind, entry.namespace, entry.name);
    const found = pods.byOwner.get(entry.cluster, owner);
    if (kind !== "cronjob") return found;
    const all = new Set(found);
    for (const job of this.tables.job.byOwner.get(entry.cluster, owner))
      for (const pod of this.podsOf("job", job)) all.add(pod);
    return all;
  }

  /** The pod on a node with a UID, and what stands at the top above it. */
  ownerOf(cluster: string, node: string, uid: string) {
    for (const pod of this.tables.pod.byNode.get(cluster, node)) {
      if (pod.uid !== uid) continue;
      const { namespace, name } = pod;
      const [kind = "Pod", , owner = name] = this.topOwner(pod)?.split("/") ?? [];
      return { namespace, name, kind, owner };
    }
    return undefined;
  }

  /**
   * What stands at the top above a pod, as `Kind/namespace/name`; undefined where nothing owns it. A static pod names
   * its node as its owner, which is where it runs.
   */
  topOwner({ cluster, owners }: Pick<Entry, "cluster" | "owners">): string | undefined {
    const top = owners.findLast((one) => !one.startsWith("Node/"));
    // A job's own owner stands with the job.
    return top?.startsWith("Job/")
      ? (this.tables.job.get(cluster, top.slice("Job/".length))?.owners.at(-1) ?? top)
      : top;
  }

  /** What stands at the top above a pod of a name, as `Kind/name`. */
  ownerOfPod(cluster: string, namespace: string, name: string): string | undefined {
    const pod = this.tables.pod.get(cluster, `${namespace}/${name}`);
    return pod && this.#ownerName(pod);
  }

  /** Pods whose labels have all of these: found by their searchable text, and then looked at. */
  selectedPods(cluster: string, namespace: string, labels: Record<string, string>): Entry[] {
    const wanted = Object.entries(labels);
    if (wanted.length === 0) return [];
    const lines = wanted.map(([name, value]) => `${name}=${value}`.toLowerCase());
    return [...this.tables.pod.byNamespace.get(cluster, namespace)].filter((entry) => {
      if (!this.tables.pod.mentions(entry, lines)) return false;
      const { labels: has } = JSON.parse(entry.text) as Pod;
      return wanted.every(([name, value]) => has?.[name] === value);
    });
  }

  #ownerName(pod: Entry): string | undefined {
    const [kind, , owner] = this.topOwner(pod)?.split("/") ?? [];
    return kind && owner ? `${kind}/${owner}` : undefined;
  }

  #put(kind: KindKey, cluster: string, key: string, text: string, item?: AnyItem): void {
    this.#take(kind, this.#make(kind, cluster, key, text, item));
  }

  #make(
    kind: KindKey,
    cluster: string,
    key: string,
    text: string,
    item: AnyItem = JSON.parse(text),
  ): ReadyEntry {
    const now = this.#now();
    const before = this.tables[kind].get(cluster, key);
    const verdict = kind === "node" ? this.#verdicts.get(`${cluster}\n${key}`) : undefined;
    const entry = makeEntry(kind, cluster, item as never, text, now, before, verdict);
    if (kind === "pod") this.#takeUsage(entry, item as Pod, now);
    const differs = before !== undefined && before.text !== text;
    let old: AnyItem | undefined;
    const was = () => (old ??= JSON.parse(before!.text) as AnyItem);
    const changed = differs && canBreak.has(kind) ? changeOf(kind, was(), item) : undefined;
    const notes = differs || !before ? notesOf(kind, entry, item, before, was, now) : [];
    const owner = kind === "pod" && notes.length > 0 ? this.#ownerName(entry) : undefined;
    const noted = notes.map((one) => ({ ...notedOf(kind, entry, one), ...(owner ? { owner } : {}) }));
    return { entry, before, changed, noted };
  }

  #take(kind: KindKey, { entry, changed, noted }: ReadyEntry): void {
    this.tables[kind].put(entry);
    for (const one of noted) this.#note(one);
    if (!changed) return;
    const subject = ownerKey(kinds[kind].kind, entry.namespace, entry.name);
    this.#changes.add(entry.cluster, { atMs: this.#now(), subject, text: changed });
  }

  /** AtlHyper 1.x agents send what each pod uses with the pod itself. */
  #takeUsage(entry: Entry, { metrics }: Pod, now: number): void {
    const given = metrics as { cpu?: { usage?: unknown }; memory?: { usage?: unknown } } | undefined;
    const cpu = parseQuantity(given?.cpu?.usage);
    const memory = parseQuantity(given?.memory?.usage);
    if (!Number.isNaN(cpu) && !Number.isNaN(memory))
      this.#usage.put(entry.cluster, usageID(entry), cpu, memory, now);
  }

  #usageOf(kind: KindKey, entry: Entry): UsageView | undefined {
    const now = this.#now();
    if (kind === "pod") return this.#usage.sum(entry.cluster, [usageID(entry)], now);
    if (kind === "node") return this.#usage.sum(entry.cluster, [nodeUsageID(entry.name)], now);
    if (!withPods.includes(kind)) return undefined;
    return this.#usage.sum(entry.cluster, [...this.podsOf(kind, entry)].map(usageID), now);
  }

  #current(value: "cpuCores" | "memoryBytes", entry: Entry): number {
    return this.#usage.current(entry.cluster, usageID(entry), this.#now())?.[value] ?? Number.NaN;
  }

  #sum(kind: KindKey, entry: Entry, value: "cpuCores" | "memoryBytes"): number {
    let sum = Number.NaN;
    for (const pod of this.podsOf(kind, entry)) {
      const one = this.#current(value, pod);
      if (!Number.isNaN(one)) sum = (Number.isNaN(sum) ? 0 : sum) + one;
    }
    return sum;
  }
}
