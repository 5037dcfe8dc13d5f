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
  readonly #seen: Pick<AlertFacts, "changes" | "restore">;
  #savedMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database, seen: Pick<AlertFacts, "changes" | "restore">) {
    this.#database = database;
    this.#seen = seen;
  }

  async load(): Promise<void> {
    this.#seen.restore(await listSeen(this.#database));
  }

  /** Writes down what is different, where the last time is some seconds ago. */
  async save(now: number): Promise<void> {
    if (now - this.#savedMs < everyMs) return;
    this.#savedMs = now;
    const changes = this.#seen.changes();
    if (changes.length === 0) return;
    const database = this.#database;
    await database.inParts(
      (function* () {
        for (let at = 0; at < changes.length; at += together) {
          const part: KeptOf[] = changes.slice(at, at + together);
          yield () => putSeen(database, part);
        }
      })(),
    );
  }

  /** Lets go of what no rule asks for. */
  async prune(rules: readonly Rule[]): Promise<void> {
    const asked = rules.flatMap(({ condition }) =>
      condition.type === "absence" ? rememberedFor(condition) : [],
    );
    await pruneSeen(this.#database, [...new Set(asked)]);
  }
}
