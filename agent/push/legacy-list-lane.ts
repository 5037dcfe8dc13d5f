import { type KindKey, kindNames, routeOf, sourceOf } from "../../wire/kind-names.ts";
import type { ByteText } from "../lists/byte-text.ts";
import type { WireList } from "../lists/wire-list.ts";
import { envelopeHead, type Lane, type Message } from "./lane.ts";

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
  readonly #out: ByteText;
  readonly #everyMs: number;
  #lastMs = 0;

  constructor(clusterId: () => string, list: WireList, out: ByteText, everyMs: number) {
    this.#out = out;
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
    const out = this.#out;
    const head = { cluster_id: this.#clusterId(), source: sourceOf(kind) };
    out.truncate(0);
    out.add(`${envelopeHead(head, Date.now())}{"${kindNames[kind].field}":[`);
    let count = 0;
    for (const key of contents.keys()) {
      const start = out.length;
      if (count > 0) out.add(",");
      if (contents.write(key, out)) count++;
      else out.truncate(start);
    }
    if (count === 0) return undefined;
    out.add("]}}");
    return { route: routeOf(kind), body: out.bytes() };
  }

  sent(): void {}

  failed(): void {
    this.#lastMs = 0;
  }

  flush(): void {}
}
