import type { Datasource, EventPage, EventQuery } from "../../views/model.ts";
import type { Access } from "../access/access.ts";
import type { MasterConfig } from "../config.ts";
import type { Database } from "../database/database.ts";

/** What the pages need of a running master. */
export interface WebDeps {
  config: Pick<
    MasterConfig,
    "publicUrl" | "eventRetentionMs" | "eventMaxBytes" | "sessionIdleMs" | "sessionMaxMs"
  >;
  datasource: Datasource;
  access: Access;
  database: Database;
  /** The event history. */
  history: {
    search(query: EventQuery): EventPage;
    size(): { events: number; bytes: number };
    forget(cluster: string): Promise<void>;
  };
  /** Given by `atlhyper up`, where the demo cluster can run in the same process. */
  demo?: DemoControl;
}

export interface DemoControl {
  running(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}
