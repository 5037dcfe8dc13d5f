import type { Database as Sqlite } from "bun:sqlite";

/** Up to where the store of remote write has been sent to. */
export interface RemoteWriteMark {
  /** Which store; another one begins anew. */
  target: string;
  /** Everything up to here has been answered for. */
  floorMs: number;
  /** Of subjects that are further. */
  subjects: Uint8Array;
}

export class RemoteWriteMarks {
  readonly #get;
  readonly #put;

  constructor(sqlite: Sqlite) {
    this.#get = sqlite.prepare<RemoteWriteMark, []>(
      "SELECT target, floor_ms AS floorMs, subjects FROM remote_write",
    );
    this.#put = sqlite.prepare(
      "INSERT OR REPLACE INTO remote_write (id, target, floor_ms, subjects) VALUES (1, ?, ?, ?)",
    );
  }

  get(): RemoteWriteMark | undefined {
    return this.#get.get() ?? undefined;
  }

  put({ target, floorMs, subjects }: RemoteWriteMark): void {
    this.#put.run(target, floorMs, subjects);
  }
}
