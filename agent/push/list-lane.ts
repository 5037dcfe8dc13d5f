import { kindNames, routeOf, sourceOf } from "../../wire/kind-names.ts";
import type { ByteText } from "../lists/byte-text.ts";
import type { WireList } from "../lists/wire-list.ts";
import { envelopeHead, type Lane, type Message } from "./lane.ts";

export interface ListLaneOptions {
  clusterId(): string;
  /** Names this agent process in `sync`. */
  run: string;
  list: WireList;
  /** Where messages are put together; one for all lanes. */
  out: ByteText;
  /** How long a lone change waits for others, and how far apart messages are. */
  gatherMs: number;
  apartMs: number;
  /** Size of a part; less in tests. */
  partBytes?: number;
  /** An item that is too large for the master alone. */
  onTooLarge(key: string): void;
}

/** What is under way: applied to `#sent` when the master has it. */
interface UnderWay {
  upserts: Map<string, number>;
  removed: string[];
}

interface Full {
  seq: number;
  parts: string[][];
  /** The next one to send, from 0. */
  index: number;
}

/**
 * What a part is to be at most. The wire takes three times as much; smaller parts keep the agent small while it
 * sends, and let what is urgent pass between them.
 */
const partBytes = 2 ** 20;
const smallestPart = 16 * 1024;

/**
 * One kind's list at the master: in full once, in parts, then what changed. Whatever goes wrong ends in a full
 * list, so that the master never has to be trusted to have something: while it is away changes cost nothing.
 */
export class ListLane implements Lane {
  readonly name: string;
  readonly #options: ListLaneOptions;
  readonly #list: WireList;
  #partBytes: number;
  #seq = 0;
  /** Key → hash of the text that the master has. */
  #sent = new Map<string, number>();
  #full: Full | undefined;
  #wantsFull = true;
  #underWay: UnderWay | undefined;
  #tooLarge = new Set<string>();
  #lastMs = 0;
  #flushing = false;

  constructor(options: ListLaneOptions) {
    this.#options = options;
    this.#list = options.list;
    this.#partBytes = options.partBytes ?? partBytes;
    this.name = kindNames[options.list.kind].field;
  }

  dueMs(): number {
    if (!this.#list.ready) return Number.POSITIVE_INFINITY;
    if (this.#wantsFull) return 0;
    const { touchedMs } = this.#list;
    if (touchedMs === Number.POSITIVE_INFINITY) return touchedMs;
    if (this.#flushing) return 0;
    return Math.max(touchedMs + this.#options.gatherMs, this.#lastMs + this.#options.apartMs);
  }

  next(): Message | undefined {
    return this.#wantsFull ? this.#nextPart() : this.#nextDelta();
  }

  sent(): void {
    const done = this.#underWay;
    this.#underWay = undefined;
    this.#lastMs = Date.now();
    for (const [key, hash] of done?.upserts ?? []) this.#sent.set(key, hash);
    for (const key of done?.removed ?? []) this.#sent.delete(key);
    if (this.#full === undefined) return;
    this.#full.index++;
    if (this.#full.index < this.#full.parts.length) return;
    this.#full = undefined;
    this.#wantsFull = false;
  }

  failed(status: number): void {
    if (status === 413) this.#shrink();
    this.#underWay = undefined;
    this.#full = undefined;
    this.#wantsFull = true;
  }

  /** Nothing need ever change that would let the master say that it lacks the list. */
  afresh(): void {
    if (!this.#wantsFull || this.#full !== undefined) this.failed(0);
  }

  flush(): void {
    this.#flushing = true;
  }

  #nextPart(): Message {
    if (this.#full === undefined) {
      // What changes from here on is a delta behind the full list, unless its part still has it.
      this.#list.take();
      this.#sent = new Map();
      this.#full = { seq: ++this.#seq, parts: this.#plan(), index: 0 };
    }
    const { seq, parts, index } = this.#full;
    const upserts = new Map<string, number>();
    this.#begin({ seq, mode: "full", part: index + 1, parts: parts.length });
    for (const key of parts[index]!) this.#write(key, upserts, false);
    this.#underWay = { upserts, removed: [] };
    return this.#end();
  }

  /** The keys of each part, so that each is about of the size it should be. */
  #plan(): string[][] {
    const parts: string[][] = [[]];
    let size = 0;
    for (const key of this.#list.contents.keys()) {
      if (this.#tooLarge.has(key)) continue;
      const own = this.#list.contents.size(key);
      if (size > 0 && size + own > this.#partBytes) {
        parts.push([]);
        size = 0;
      }
      parts.at(-1)!.push(key);
      size += own + 1;
    }
    return parts;
  }

  #nextDelta(): Message | undefined {
    const { out } = this.#options;
    const upserts = new Map<string, number>();
    const removed: string[] = [];
    const touched = this.#list.take();
    // The removed ones come first in the message, so that they have to be known before it is written.
    for (const key of touched) {
      if (this.#list.contents.size(key) > 0 && !this.#tooLarge.has(key)) continue;
      if (this.#sent.has(key)) removed.push(key);
      touched.delete(key);
    }
    const seq = this.#seq + 1;
    this.#begin({ seq, mode: "delta", removed: removed.length > 0 ? removed : undefined });
    for (const key of touched) {
      if (out.length > this.#partBytes) this.#list.touch(key);
      else this.#write(key, upserts, true);
    }
    if (upserts.size === 0 && removed.length === 0) return undefined;
    this.#seq = seq;
    this.#underWay = { upserts, removed };
    return this.#end();
  }

  #begin(sync: object): void {
    const { clusterId, run, list, out } = this.#options;
    const head = { cluster_id: clusterId(), source: sourceOf(list.kind), sync: { run, ...sync } };
    out.truncate(0);
    out.add(`${envelopeHead(head, Date.now())}{"${kindNames[list.kind].field}":[`);
  }

  /** Adds an item to the message, unless it is gone or, for a delta, what the master has. */
  #write(key: string, upserts: Map<string, number>, onlyChanged: boolean): void {
    const { out, list } = this.#options;
    const before = out.length;
    if (upserts.size > 0) out.add(",");
    const start = out.length;
    const there = list.contents.write(key, out);
    const hash = there ? out.hashFrom(start) : 0;
    if (!there || (onlyChanged && this.#sent.get(key) === hash)) out.truncate(before);
    else upserts.set(key, hash);
  }

  #end(): Message {
    const { out, list } = this.#options;
    out.add("]}}");
    return { route: routeOf(list.kind), body: out.bytes() };
  }

  /** Too large: smaller parts; an item that is too large alone is left out. */
  #shrink(): void {
    const keys = [...(this.#underWay?.upserts.keys() ?? [])];
    if (keys.length === 1) {
      this.#tooLarge.add(keys[0]!);
      this.#options.onTooLarge(keys[0]!);
    } else this.#partBytes = Math.max(smallestPart, Math.floor(this.#partBytes / 2));
  }
}
