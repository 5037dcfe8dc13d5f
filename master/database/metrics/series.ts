import type { Database as Sqlite } from "bun:sqlite";

/** A series' name and unit; the same for every node that has it. */
export interface SeriesName {
  id: number;
  group: string;
  name: string;
  unit: string;
}

/** So many names, of disks and interfaces for the most part; beyond, a hostile probe would fill the memory. */
const most = 20_000;

/** All names of series, in memory; new ones wait until they are written together with their first values. */
export class SeriesNames {
  readonly #groups = new Map<string, Map<string, SeriesName>>();
  readonly #byID: SeriesName[] = [];
  readonly #insert;
  #waiting: SeriesName[] = [];

  constructor(sqlite: Sqlite) {
    this.#insert = sqlite.prepare(`INSERT INTO series (id, "group", name, unit) VALUES (?, ?, ?, ?)`);
    for (const one of sqlite.query<SeriesName, []>("SELECT * FROM series ORDER BY id").all())
      this.#remember(one);
  }

  /** Undefined only where there are too many already. */
  take(group: string, name: string, unit: string): SeriesName | undefined {
    const found = this.#groups.get(group)?.get(name);
    if (found || this.#byID.length > most) return found;
    const made = { id: Math.max(1, this.#byID.length), group, name, unit };
    this.#remember(made);
    this.#waiting.push(made);
    return made;
  }

  byID(id: number): SeriesName | undefined {
    return this.#byID[id];
  }

  all(): SeriesName[] {
    return this.#byID.filter(Boolean);
  }

  write(): void {
    for (const { id, group, name, unit } of this.#waiting) this.#insert.run(id, group, name, unit);
  }

  written(): void {
    this.#waiting = [];
  }

  #remember(one: SeriesName): void {
    this.#byID[one.id] = one;
    let names = this.#groups.get(one.group);
    if (!names) {
      names = new Map();
      this.#groups.set(one.group, names);
    }
    names.set(one.name, one);
  }
}
