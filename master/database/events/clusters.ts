import type { Database as Sqlite } from "bun:sqlite";

/** The small numbers by which the event history names clusters. */
export class ClusterNumbers {
  readonly #insert;
  readonly #byName;
  readonly #byNumber;
  readonly #numbers = new Map<string, number>();
  readonly #names = new Map<number, string>();

  constructor(sqlite: Sqlite) {
    this.#insert = sqlite.prepare("INSERT INTO clusters (name) VALUES (?)");
    this.#byName = sqlite.prepare<{ no: number }, [string]>("SELECT no FROM clusters WHERE name = ?");
    this.#byNumber = sqlite.prepare<{ name: string }, [number]>("SELECT name FROM clusters WHERE no = ?");
  }

  /** Its number, which it gets if it has none. */
  number(name: string): number {
    return this.known(name) ?? this.#remember(name, Number(this.#insert.run(name).lastInsertRowid));
  }

  known(name: string): number | undefined {
    const number = this.#numbers.get(name);
    if (number !== undefined) return number;
    const row = this.#byName.get(name);
    return row ? this.#remember(name, row.no) : undefined;
  }

  name(number: number): string {
    return this.#names.get(number) ?? this.#byNumber.get(number)?.name ?? "";
  }

  clear(): void {
    this.#numbers.clear();
    this.#names.clear();
  }

  #remember(name: string, number: number): number {
    this.#numbers.set(name, number);
    this.#names.set(number, name);
    return number;
  }
}
