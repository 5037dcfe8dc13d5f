import { expired } from "./api-error.ts";
import type { Kind } from "./kinds.ts";
import type { Stored } from "./object.ts";

/** One change, as watches replay it. `previous` is what the object was, for selectors it left or came under. */
export interface Entry {
  version: number;
  storage: string;
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: Stored;
  previous: Stored | undefined;
}

/** How many changes a watch may lag behind before it is told 410. */
const logLength = 20_000;

/** The objects, their common resourceVersion, and the last changes: what etcd and the watch cache are. */
export class Store {
  #version = 1;
  #compacted = 0;
  #log: Entry[] = [];
  readonly #objects = new Map<string, Map<string, Stored>>();
  /** The keys of each kind in order, until one comes or goes. */
  readonly #order = new Map<string, string[]>();
  readonly #listeners = new Set<(entry: Entry) => void>();
  readonly #snapshots = new Map<string, Stored[]>();

  get version(): number {
    return this.#version;
  }

  get(kind: Kind, namespace: string | undefined, name: string): Stored | undefined {
    return this.#objects.get(kind.storage)?.get(keyOf(namespace, name));
  }

  /** In the order of the real one: by namespace, then name. */
  list(kind: Kind, namespace?: string): Stored[] {
    const objects = this.#objects.get(kind.storage);
    if (objects === undefined) return [];
    let keys = this.#order.get(kind.storage);
    if (keys === undefined) {
      keys = [...objects.keys()].sort();
      this.#order.set(kind.storage, keys);
    }
    const prefix = `${namespace}/`;
    const chosen = namespace ? keys.filter((key) => key.startsWith(prefix)) : keys;
    return chosen.map((key) => objects.get(key)!);
  }

  count(kind: Kind): number {
    return this.#objects.get(kind.storage)?.size ?? 0;
  }

  /** Takes an object as it is, its version included. */
  adopt(kind: Kind, object: Stored): void {
    const objects = this.#objects.get(kind.storage) ?? new Map<string, Stored>();
    this.#objects.set(kind.storage, objects);
    objects.set(keyOf(object.metadata.namespace, object.metadata.name), object);
    this.#order.delete(kind.storage);
  }

  /** Stores a new or changed object under the next version, and returns it as stored. */
  put(kind: Kind, object: Stored): Stored {
    const version = ++this.#version;
    const stored: Stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    let objects = this.#objects.get(kind.storage);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(kind.storage, objects);
    }
    const key = keyOf(stored.metadata.namespace, stored.metadata.name);
    const previous = objects.get(key);
    objects.set(key, stored);
    if (previous === undefined) this.#order.delete(kind.storage);
    this.#record({
      version,
      storage: kind.storage,
      type: previous ? "MODIFIED" : "ADDED",
      object: stored,
      previous,
    });
    return stored;
  }

  remove(kind: Kind, object: Stored): Stored {
    const version = ++this.#version;
    this.#objects.get(kind.storage)?.delete(keyOf(object.metadata.namespace, object.metadata.name));
    this.#order.delete(kind.storage);
    const last: Stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    this.#record({ version, storage: kind.storage, type: "DELETED", object: last, previous: object });
    return last;
  }

  /** The changes of a kind after a version. Throws 410 where they are forgotten. */
  since(kind: Kind, version: number): Entry[] {
    if (version < this.#compacted) throw expired(`too old resource version: ${version} (${this.#compacted})`);
    return this.#log.filter((entry) => entry.version > version && entry.storage === kind.storage);
  }

  subscribe(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the changes so far, and the snapshots of lists under way, as etcd's compaction does. */
  compact(): void {
    this.#log = [];
    this.#snapshots.clear();
    this.#compacted = this.#version;
  }

  /** Keeps what a list in pages was begun on, so that its later pages show the same moment. */
  snapshot(id: string, objects?: Stored[]): Stored[] | undefined {
    if (objects !== undefined) {
      this.#snapshots.set(id, objects);
      if (this.#snapshots.size > 50) this.#snapshots.delete(this.#snapshots.keys().next().value!);
    }
    return this.#snapshots.get(id);
  }

  #record(entry: Entry): void {
    this.#log.push(entry);
    if (this.#log.length > logLength * 1.5) {
      const dropped = this.#log.splice(0, this.#log.length - logLength);
      this.#compacted = dropped.at(-1)!.version;
    }
    for (const listener of this.#listeners) listener(entry);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
