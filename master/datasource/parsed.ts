import type { AnyItem } from "../../wire/kinds.ts";
import type { Entry } from "./entry.ts";

/** Characters of JSON text whose objects are kept: some pages of pods. */
const mostChars = 2 ** 20;

/** The objects of entries that were shown lately, so that a page that is shown again is not parsed again. */
export class Parsed {
  readonly #items = new Map<Entry, AnyItem>();
  #chars = 0;

  /** What the entry's text says; shared, so nobody changes it. */
  of(entry: Entry): AnyItem {
    const known = this.#items.get(entry);
    if (known) {
      // Set again, so that the map's order is that of the last use.
      this.#items.delete(entry);
      this.#items.set(entry, known);
      return known;
    }
    const item = JSON.parse(entry.text) as AnyItem;
    this.#items.set(entry, item);
    this.#chars += entry.text.length;
    for (const oldest of this.#items.keys()) {
      if (this.#chars <= mostChars) break;
      this.#items.delete(oldest);
      this.#chars -= oldest.text.length;
    }
    return item;
  }
}
