import type { Datasource } from "../views/model.ts";
import type { MasterConfig } from "./config.ts";
import type { MasterEvents } from "./events.ts";
import type { Hub } from "./hub/hub.ts";

/** What a running master consists of; routes and pages get it whole. */
export interface MasterParts {
  config: MasterConfig;
  events: MasterEvents;
  hub: Hub;
  datasource: Datasource;
}
