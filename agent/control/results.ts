import { infoOf, isCommandType } from "../../wire/command-names.ts";
import type { AckResult, Command } from "../../wire/control.ts";

/** How commands ended, remembered so that one that is handed out again is acked again and not done again. */
export class Results {
  readonly #most: number;
  readonly #byId = new Map<string, { result: AckResult; idem: string | undefined }>();
  readonly #byIdem = new Map<string, string>();

  constructor(most = 2000) {
    this.#most = most;
  }

  /** The result of this command, or of the one that asked for the same before. */
  of({ id, idem }: Command): AckResult | undefined {
    const earlier = idem === undefined ? undefined : this.#byIdem.get(idem);
    const known = this.#byId.get(id) ?? (earlier === undefined ? undefined : this.#byId.get(earlier));
    return known && { ...known.result, commandID: id };
  }

  /** Without what was read, which is acked once and may be large; what only reads is read again instead. */
  put({ id, idem, type }: Command, { data: _, ...result }: AckResult): void {
    if (isCommandType(type) && !infoOf(type).writes && !infoOf(type).stream) return;
    this.#byId.set(id, { result, idem });
    if (idem !== undefined) this.#byIdem.set(idem, id);
    if (this.#byId.size <= this.#most) return;
    const [oldest, { idem: its }] = this.#byId.entries().next().value!;
    this.#byId.delete(oldest);
    if (its !== undefined && this.#byIdem.get(its) === oldest) this.#byIdem.delete(its);
  }
}
