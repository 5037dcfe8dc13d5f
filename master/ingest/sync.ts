import type { Sync } from "../../wire/envelope.ts";
import { problem } from "../../wire/problem.ts";
import type { ListItem, ListPayload } from "../hub/payloads.ts";

interface State {
  /** The base that the views have: which process made it, and its number. */
  run: string;
  seq: number;
  /** A full list of which not all parts are here yet. */
  pending: Pending | undefined;
}

interface Pending {
  run: string;
  seq: number;
  parts: number;
  got: Map<number, ListItem[]>;
  bytes: number;
}

/** What becomes of a message of a list. */
export type Verdict =
  | { apply: ListPayload; parts: number }
  /** It is kept until the other parts are here. */
  | { kept: true }
  /** It was taken before. */
  | { duplicate: true };

const resync = (detail: string) => problem(409, detail, { resync: true });

/**
 * The receiver's side of the wire's `sync`, for all clusters and sources: decides for each message whether it is
 * the next, a repetition, or lacks its base, and keeps the parts of full lists until the last is in. What is kept
 * is bounded: when it gets too much, the oldest unfinished list goes, and its sender starts it again (409).
 */
export class SyncStates {
  readonly #states = new Map<string, State>();
  readonly #maxPendingBytes: number;
  #pendingBytes = 0;

  constructor(maxPendingBytes = 64 * 2 ** 20) {
    this.#maxPendingBytes = maxPendingBytes;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  take(cluster: string, source: string, sync: Sync | undefined, items: ListItem[], bytes: number): Verdict {
    const id = `${cluster}\n${source}`;
    const state = this.#states.get(id) ?? { run: "", seq: 0, pending: undefined };
    // Set again, so that the map's order is that of the last message.
    this.#states.delete(id);
    this.#states.set(id, state);
    if (!sync) {
      this.#drop(state);
      state.run = "";
      state.seq = 0;
      return { apply: { mode: "full", items, removed: [] }, parts: 1 };
    }
    if (sync.run === state.run && sync.seq <= state.seq) return { duplicate: true };
    if (sync.mode === "delta") return this.#takeDelta(state, sync, items);
    return this.#takeFull(state, sync, items, bytes);
  }

  #takeDelta(state: State, sync: Sync, items: ListItem[]): Verdict {
    if ((sync.parts ?? 1) > 1) throw problem(422, "a delta has one part", { pointer: "/sync/parts" });
    if (sync.run !== state.run) throw resync("the full list that this changes is not here");
    if (sync.seq !== state.seq + 1)
      throw resync(`message ${state.seq + 1} was expected and not ${sync.seq}: one is missing`);
    // Whoever sends a delta on the present base has given up an unfinished full list.
    this.#drop(state);
    state.seq = sync.seq;
    return { apply: { mode: "delta", items, removed: sync.removed ?? [] }, parts: 1 };
  }

  #takeFull(state: State, sync: Sync, items: ListItem[], bytes: number): Verdict {
    const parts = sync.parts ?? 1;
    const part = sync.part ?? 1;
    if (part > parts) throw problem(422, `part ${part} of ${parts} cannot be`, { pointer: "/sync/part" });
    let pending = state.pending;
    if (pending && pending.run === sync.run && sync.seq < pending.seq) return { duplicate: true };
    if (!pending || pending.run !== sync.run || pending.seq !== sync.seq || pending.parts !== parts) {
      this.#drop(state);
      pending = { run: sync.run, seq: sync.seq, parts, got: new Map(), bytes: 0 };
      state.pending = pending;
    }
    if (!pending.got.has(part)) {
      pending.got.set(part, items);
      pending.bytes += bytes;
      this.#pendingBytes += bytes;
    }
    if (pending.got.size < parts) {
      // The sender believes that all is here once the last part is taken: it must not.
      if (part === parts) {
        this.#drop(state);
        throw resync(`only ${pending.got.size} of ${parts} parts are here`);
      }
      this.#makeRoom(state);
      return { kept: true };
    }
    const all: ListItem[] = [];
    for (let number = 1; number <= parts; number++) all.push(...pending.got.get(number)!);
    this.#drop(state);
    state.run = sync.run;
    state.seq = sync.seq;
    return { apply: { mode: "full", items: all, removed: [] }, parts };
  }

  #makeRoom(current: State): void {
    for (const state of this.#states.values()) {
      if (this.#pendingBytes <= this.#maxPendingBytes) return;
      if (state !== current) this.#drop(state);
    }
    if (this.#pendingBytes > this.#maxPendingBytes) {
      this.#drop(current);
      throw problem(507, "the unfinished list is larger than what is kept of one: nothing of it was kept");
    }
  }

  #drop(state: State): void {
    this.#pendingBytes -= state.pending?.bytes ?? 0;
    state.pending = undefined;
  }
}
