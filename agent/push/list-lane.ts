import { kindNames, routeOf, sourceOf } from "../../wire/kind-names.ts";
import { partBytes } from "../../wire/limits.ts";
import type { WireList } from "../lists/wire-list.ts";
import { envelope, type Lane, type Message } from "./lane.ts";

export interface ListLaneOptions {
  clusterId(): string;
  /** Names this agent process in `sync`. */
  run: string;
  list: WireList;
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
    const texts: string[] = [];
    for (const key of parts[index]!) {
      const text = this.#list.contents.text(key);
      if (text === undefined) continue;
      texts.push(text);
      upserts.set(key, hashOf(text));
    }
    this.#underWay = { upserts, removed: [] };
    return this.#message(texts, { seq, mode: "full", part: index + 1, parts: parts.length });
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
    const upserts = new Map<string, number>();
    const removed: string[] = [];
    const texts: string[] = [];
    let size = 0;
    const touched = this.#list.take();
    for (const key of touched) {
      if (size > this.#partBytes) {
        this.#list.touch(key);
        continue;
      }
      const text = this.#tooLarge.has(key) ? undefined : this.#list.contents.text(key);
      if (text === undefined) {
        if (this.#sent.has(key)) removed.push(key);
        continue;
      }
      const hash = hashOf(text);
      if (this.#sent.get(key) === hash) continue;
      upserts.set(key, hash);
      texts.push(text);
      size += text.length;
    }
    if (texts.length === 0 && removed.length === 0) return undefined;
    this.#underWay = { upserts, removed };
    return this.#message(texts, {
      seq: ++this.#seq,
      mode: "delta",
      removed: removed.length > 0 ? removed : undefined,
    });
  }

  #message(texts: string[], sync: object): Message {
    const { clusterId, run, list } = this.#options;
    const head = { cluster_id: clusterId(), source: sourceOf(list.kind), sync: { run, ...sync } };
    const payload = `{"${kindNames[list.kind].field}":[${texts.join(",")}]}`;
    return { route: routeOf(list.kind), text: envelope(head, payload, Date.now()) };
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

/** 52 bits: two texts of one object that meet in it are not to be expected. */
const hashOf = (text: string): number => Number(BigInt(Bun.hash(text)) & 0xf_ffff_ffff_ffffn);
