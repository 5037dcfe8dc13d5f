import type { AlertView } from "../../views/alert-model.ts";
import type { Database } from "../database/database.ts";
import type { ClusterFacts } from "../datasource/alert-facts.ts";
import type { Channels } from "../notify/channels.ts";
import type { Sender } from "../notify/sender.ts";
import type { SeenKeeper } from "./seen.ts";
import type { Rule } from "./rule.ts";

export interface EngineOptions {
  database: Database;
  facts(): ClusterFacts[];
  owners: ReadonlyMap<string, string>;
  channels: Channels;
  sender: Sender;
  /** The rules that come from files. */
  fileRules?(): readonly Rule[];
  /** What rules that miss something have seen. */
  seen?: SeenKeeper;
  /** Something is different that pages show. */
  changed(): void;
  failed(what: string, error: unknown): void;
  evaluated?(seconds: number): void;
  /** Told of each alert that begins to fire, and of each that does not any more. */
  fires?(alert: AlertView, atMs: number): void;
  quiet?(fingerprint: string, atMs: number): void;
  now?: () => number;
}
