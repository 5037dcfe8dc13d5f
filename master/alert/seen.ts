import type { Database } from "../database/database.ts";
import { listSeen, pruneSeen, putSeen } from "../database/seen.ts";
import type { AlertFacts, KeptOf } from "../datasource/alert-facts.ts";
import { rememberedFor } from "./conditions/absence.ts";
import type { Rule } from "./rule.ts";

/** So often what is there is written down: a kill forgets what was seen first within this. */
const everyMs = 5000;
const together = 250;

/** Keeps what rules that miss something have seen, so that what goes while no master runs is missed after a start. */
export class SeenKeeper {
  readonly #database: Database;
  readonly #seen: Pick<AlertFacts, "changes" | "keepOnly" | "restore">;
  /** What is different from what is written down, the newest of each. */
  readonly #unsaved = new Map<string, KeptOf>();
  #savedMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database, seen: Pick<AlertFacts, "changes" | "keepOnly" | "restore">) {
    this.#database = database;
    this.#seen = seen;
  }

  async load(): Promise<void> {
    this.#seen.restore(await listSeen(this.#database));
  }

  /** Writes down what is different, where the last time is some seconds ago. */
  async save(now: number): Promise<void> {
    // A clock may be set back.
    if (Math.abs(now - this.#savedMs) < everyMs) return;
    this.#savedMs = now;
    const unsaved = this.#unsaved;
    for (const one of this.#seen.changes()) unsaved.set(`${one.cluster}\n${one.of}\n${one.key}`, one);
    if (unsaved.size === 0) return;
    const database = this.#database;
    const changes = [...unsaved.values()];
    await database.inParts(
      (function* () {
        for (let at = 0; at < changes.length; at += together) {
          const part = changes.slice(at, at + together);
          yield () => putSeen(database, part);
        }
      })(),
    );
    // Where it throws, all comes again with what is different next.
    unsaved.clear();
  }

  /** Lets go of what no rule asks for. */
  async prune(rules: readonly Rule[]): Promise<void> {
    const asked = new Set(
      rules.flatMap(({ condition }) => (condition.type === "absence" ? rememberedFor(condition) : [])),
    );
    this.#seen.keepOnly(asked);
    await pruneSeen(this.#database, [...asked]);
  }
}
