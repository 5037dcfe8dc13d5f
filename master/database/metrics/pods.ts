import type { Database as Sqlite } from "bun:sqlite";

export interface StoredPod {
  /** From 1 on. */
  id: number;
  subject: number;
  uid: string;
  name: string;
  seen: number;
}

const daySeconds = 86_400;
const forgetSeconds = 3600;

/** The numbers of pods. Those that are written of are in memory, all others in the database. */
export class Pods {
  /** By cluster and UID. */
  readonly #current = new Map<string, Map<string, StoredPod & { used: number }>>();
  readonly #waiting = new Map<number, StoredPod>();
  readonly #find;
  readonly #byID;
  readonly #of;
  readonly #named;
  readonly #put;
  readonly #prune;
  readonly #removeOf;
  #next: number;

  constructor(sqlite: Sqlite) {
    this.#find = sqlite.prepare<StoredPod, [string, number]>(
      "SELECT * FROM pods WHERE uid = ? AND subject = ?",
    );
    this.#byID = sqlite.prepare<StoredPod, [number]>("SELECT * FROM pods WHERE id = ?");
    this.#of = sqlite.prepare<StoredPod, [number]>("SELECT * FROM pods WHERE subject = ?");
    this.#named = sqlite.prepare<StoredPod, [string]>("SELECT * FROM pods WHERE name = ?");
    this.#put = sqlite.prepare(
      `INSERT INTO pods (id, subject, uid, name, seen) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`,
    );
    this.#prune = sqlite.prepare(
      "DELETE FROM pods WHERE id IN (SELECT id FROM pods WHERE seen < ? AND id > ? AND id <= ?)",
    );
    this.#removeOf = sqlite.prepare("DELETE FROM pods WHERE subject = ?");
    this.#next = (sqlite.query<{ n: number | null }, []>("SELECT max(id) AS n FROM pods").get()!.n ?? 0) + 1;
  }

  /** A pod that is being written of, if it is known. */
  known(cluster: string, uid: string, seconds: number): StoredPod | undefined {
    const pod = this.#current.get(cluster)?.get(uid);
    if (pod) this.#touch(pod, seconds);
    return pod;
  }

  /** The pod of a subject, made if need be. */
  take(cluster: string, subject: number, uid: string, name: string, seconds: number): StoredPod {
    const stored = this.#find.get(uid, subject);
    const pod = { ...(stored ?? { id: this.#next++, subject, uid, name, seen: seconds }), used: seconds };
    if (!stored) this.#waiting.set(pod.id, pod);
    let pods = this.#current.get(cluster);
    if (!pods) {
      pods = new Map();
      this.#current.set(cluster, pods);
    }
    pods.set(uid, pod);
    this.#touch(pod, seconds);
    return pod;
  }

  byID(id: number): StoredPod | undefined {
    return this.#waiting.get(id) ?? this.#byID.get(id) ?? undefined;
  }

  /** All pods that a subject has had, also those that have just come. */
  of(subject: number): StoredPod[] {
    const found = new Map(this.#of.all(subject).map((pod) => [pod.id, pod]));
    for (const pod of this.#waiting.values()) if (pod.subject === subject) found.set(pod.id, pod);
    return [...found.values()];
  }

  /** All pods of a name, of whatever subject. */
  named(name: string): StoredPod[] {
    const found = new Map(this.#named.all(name).map((pod) => [pod.id, pod]));
    for (const pod of this.#waiting.values()) if (pod.name === name) found.set(pod.id, pod);
    return [...found.values()];
  }

  write(): void {
    for (const { id, subject, uid, name, seen } of this.#waiting.values())
      this.#put.run(id, subject, uid, name, seen);
  }

  written(): void {
    this.#waiting.clear();
  }

  /** Lets go of those in memory that are not written of any more. */
  sweep(seconds: number): void {
    for (const [cluster, pods] of this.#current) {
      for (const [uid, pod] of pods)
        if (seconds - pod.used > forgetSeconds && !this.#waiting.has(pod.id)) pods.delete(uid);
      if (pods.size === 0) this.#current.delete(cluster);
    }
  }

  /** Removes those of a range of numbers that were last seen before a time; the newest number always stays. */
  prune(before: number, from: number, to: number): void {
    this.#prune.run(before, from, Math.min(to, this.#next - 2));
  }

  get last(): number {
    return this.#next - 1;
  }

  removeOf(cluster: string, subject: number): void {
    this.#removeOf.run(subject);
    const pods = this.#current.get(cluster);
    for (const [uid, pod] of pods ?? [])
      if (pod.subject === subject) {
        pods!.delete(uid);
        this.#waiting.delete(pod.id);
      }
  }

  #touch(pod: StoredPod & { used: number }, seconds: number): void {
    pod.used = seconds;
    if (seconds - pod.seen < daySeconds) return;
    pod.seen = seconds;
    this.#waiting.set(pod.id, pod);
  }
}
