import type { AckResult, Command } from "../../wire/control.ts";

/** How commands ended, remembered so that one that is handed out again is acked again and not done again. */
export class Results {
  readonly #most: number;
  readonly #byId = new Map<string, AckResult>();
  readonly #byIdem = new Map<string, string>();

  constructor(most = 2000) {
    this.#most = most;
  }

  /** The result of this command, or of the one that asked for the same before. */
  of({ id, idem }: Command): AckResult | undefined {
    const result = this.#byId.get(id) ?? this.#byId.get((idem && this.#byIdem.get(idem)) || "");
    return result && { ...result, commandID: id };
  }

  put({ id, idem }: Command, { data: _, ...result }: AckResult): void {
    this.#byId.set(id, result);
    if (idem) this.#byIdem.set(idem, id);
    if (this.#byId.size <= this.#most) return;
    const oldest = this.#byId.keys().next().value!;
    this.#byId.delete(oldest);
    for (const [key, of] of this.#byIdem) {
      if (of === oldest) this.#byIdem.delete(key);
      break;
    }
  }
}
