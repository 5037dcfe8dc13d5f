import type { Health } from "../../views/model.ts";
import type { Resources } from "./resources.ts";

/** How an object stands: computed from the object when it comes in. */
export interface Standing {
  health: Health;
  state: string;
  why: string;
  /** 0 where the object does not tell. */
  sinceMs: number;
  /** When to look again, where time alone changes the verdict. */
  recheckMs?: number;
}

/**
 * One object as the master keeps it: what lists filter, search and sort by stands here as plain values, and the
 * object itself as JSON text, parsed again when it is shown. 10,000 pods so take a quarter of the memory of the
 * parsed objects, and nothing of it is traced by the garbage collector. An entry never changes: a newer one
 * takes its place and the old one is marked `gone`, so that sorted orders can be brought up to date.
 */
export interface Entry extends Required<Omit<Standing, "recheckMs">> {
  readonly cluster: string;
  readonly key: string;
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly uid: string;
  readonly rank: number;
  readonly createdMs: number;
  readonly recheckMs: number;
  /** Lower case; what `q` is looked for in, one `key=value` or word a line. Its table has it, once it is in one. */
  haystack: string;
  /** The kind's own columns, in its order. */
  readonly columns: readonly (string | number)[];
  /** Owners as `Kind/namespace/name`, nearest first. */
  readonly owners: readonly string[];
  /** Of a pod. */
  readonly resources?: Resources;
  readonly text: string;
  gone: boolean;
  /** The number of its searchable text (texts.ts); values beside the entry, such as its usage, lie under it. */
  slot: number;
}

export function ownerKey(kind: string, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
