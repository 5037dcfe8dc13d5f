import type { EscalationView, MaintenanceView, SilenceView } from "../../views/alert-model.ts";
import { listRules, listSilences } from "../database/alerts.ts";
import type { Database } from "../database/database.ts";
import { listEscalations } from "../database/escalations.ts";
import { listMaintenance } from "../database/maintenance.ts";
import { defaultRules } from "./defaults.ts";
import { unchanged } from "./differences.ts";
import { overKeptMs } from "./prune.ts";
import type { Rule } from "./rule.ts";

/** What people have set: the rules, and what keeps alerts from being told or tells of them further. */
export class AlertSettings {
  rules: readonly Rule[] = defaultRules;
  silences: SilenceView[] = [];
  maintenance: MaintenanceView[] = [];
  /** Policies of escalation. */
  policies: EscalationView[] = [];
  #stored = new Set<string>();
  readonly #database: Database;
  readonly #fileRules: () => readonly Rule[];

  constructor(database: Database, fileRules: () => readonly Rule[]) {
    this.#database = database;
    this.#fileRules = fileRules;
  }

  /** Whether a rule comes from a file, or with the program, and was not changed here. */
  originOf({ id, file }: Rule): "default" | "changed" | "own" | "file" {
    if (file !== undefined) return "file";
    if (!defaultRules.some((one) => one.id === id)) return "own";
    return this.#stored.has(id) ? "changed" : "default";
  }

  /** Whether there is a rule of this id that was made or changed here, judged or not. */
  isStored(id: string): boolean {
    return this.#stored.has(id);
  }

  /** Reads again what people have changed. */
  async reload(now: number): Promise<void> {
    const stored = await listRules(this.#database);
    this.#stored = new Set(stored.map((one) => one.id));
    // What a file says stands in the place of what was made here, and that of what comes with the program.
    const rules = new Map([...defaultRules, ...stored].map((one) => [one.id, one]));
    for (const one of this.#fileRules()) rules.set(one.id, one);
    this.rules = [...rules.values()];
    this.silences = await listSilences(this.#database, now - overKeptMs);
    this.maintenance = unchanged(this.maintenance, await listMaintenance(this.#database));
    this.policies = await listEscalations(this.#database);
  }
}
