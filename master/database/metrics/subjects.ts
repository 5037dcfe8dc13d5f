import type { Database as Sqlite } from "bun:sqlite";

/** What has metrics over time: a node, a workload with all of its pods, a cluster as a whole. */
export interface Subject {
  id: number;
  cluster: string;
  /** `Node`, `Cluster`, or a workload's kind; `Pod` for a pod that nothing owns. */
  kind: string;
  /** "" for nodes and clusters. */
  namespace: string;
  name: string;
  /** When it was last written of, in seconds, to about a day. */
  seen: number;
}

const daySeconds = 86_400;
const keyOf = (cluster: string, kind: string, namespace: string, name: string) =>
  `${cluster}\n${kind}\n${namespace}\n${name}`;

/** All subjects, in memory; new ones wait until they are written together with their first rows. */
export class Subjects {
  readonly #byKey = new Map<string, Subject>();
  readonly #byID = new Map<number, Subject>();
  readonly #waiting = new Set<Subject>();
  readonly #put;
  readonly #delete;
  #next: number;

  constructor(sqlite: Sqlite) {
    this.#put = sqlite.prepare(
      `INSERT INTO subjects (id, cluster, kind, namespace, name, seen) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`,
    );
    this.#delete = sqlite.prepare("DELETE FROM subjects WHERE id = ?");
    for (const one of sqlite.query<Subject, []>("SELECT * FROM subjects").all()) this.#remember(one);
    // A number is never given anew: blocks of who had it may still be there.
    this.#next =
      (sqlite.query<{ seq: number }, []>("SELECT seq FROM sqlite_sequence WHERE name = 'subjects'").get()
        ?.seq ?? 0) + 1;
  }

  find(cluster: string, kind: string, namespace: string, name: string): Subject | undefined {
    return this.#byKey.get(keyOf(cluster, kind, namespace, name));
  }

  byID(id: number): Subject | undefined {
    return this.#byID.get(id);
  }

  all(): Iterable<Subject> {
    return this.#byID.values();
  }

  /** The subject, made if need be, and noted as seen. */
  take(cluster: string, kind: string, namespace: string, name: string, seconds: number): Subject {
    const found = this.find(cluster, kind, namespace, name);
    if (found) {
      if (seconds - found.seen >= daySeconds) {
        found.seen = seconds;
        this.#waiting.add(found);
      }
      return found;
    }
    const made = { id: this.#next++, cluster, kind, namespace, name, seen: seconds };
    this.#remember(made);
    this.#waiting.add(made);
    return made;
  }

  /** Writes what waits; `written` once the transaction has committed. */
  write(): void {
    for (const { id, cluster, kind, namespace, name, seen } of this.#waiting)
      this.#put.run(id, cluster, kind, namespace, name, seen);
  }

  written(): void {
    this.#waiting.clear();
  }

  remove(one: Subject): void {
    this.#delete.run(one.id);
    this.#byID.delete(one.id);
    this.#byKey.delete(keyOf(one.cluster, one.kind, one.namespace, one.name));
    this.#waiting.delete(one);
  }

  #remember(one: Subject): void {
    this.#byID.set(one.id, one);
    this.#byKey.set(keyOf(one.cluster, one.kind, one.namespace, one.name), one);
  }
}
