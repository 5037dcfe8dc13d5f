import { type KindKey, kindNames, routeOf, sourceOf } from "../../wire/kind-names.ts";
import type { WireList } from "../lists/wire-list.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

/** The lists that a master of AtlHyper 1.x has routes for. */
export const legacyKinds: readonly KindKey[] = [
  "pod",
  "node",
  "service",
  "namespace",
  "ingress",
  "deployment",
  "configmap",
];

/** A list as a master of AtlHyper 1.x reads it: in full and in one piece, again and again, where not empty. */
export class LegacyListLane implements Lane {
  readonly name: string;
  readonly #clusterId: () => string;
  readonly #list: WireList;
  readonly #everyMs: number;
  #lastMs = 0;

  constructor(clusterId: () => string, list: WireList, everyMs: number) {
    this.#clusterId = clusterId;
    this.#list = list;
    this.#everyMs = everyMs;
    this.name = kindNames[list.kind].field;
  }

  dueMs(): number {
    return this.#list.ready ? this.#lastMs + this.#everyMs : Number.POSITIVE_INFINITY;
  }

  next(): Message | undefined {
    this.#lastMs = Date.now();
    this.#list.take();
    const { contents, kind } = this.#list;
    const texts = [...contents.keys()].flatMap((key) => contents.text(key) ?? []);
    if (texts.length === 0) return undefined;
    const payload = `{"${kindNames[kind].field}":[${texts.join(",")}]}`;
    const head = { cluster_id: this.#clusterId(), source: sourceOf(kind) };
    return { route: routeOf(kind), text: envelope(head, payload, Date.now()) };
  }

  sent(): void {}

  failed(): void {
    this.#lastMs = 0;
  }

  flush(): void {}
}
