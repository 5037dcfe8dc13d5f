import type { HeartbeatView } from "../views/alert-model.ts";
import type { Access } from "./access/access.ts";
import type { ManagedAlerting } from "./alert/alerting.ts";
import type { Audit } from "./audit/audit.ts";
import type { AuditTrail } from "./audit/trail.ts";
import type { MasterConfig } from "./config.ts";
import type { ManagedControl } from "./control/create.ts";
import type { Database } from "./database/database.ts";
import type { EventStore } from "./database/events/store.ts";
import type { ManagedDatasource } from "./datasource/datasource.ts";
import type { MasterEvents } from "./events.ts";
import type { MetricsHistory } from "./history/history.ts";
import type { Marks } from "./history/marks.ts";
import type { Hub } from "./hub/hub.ts";
import type { RemoteWrite } from "./prometheus/remote/remote-write.ts";
import type { DemoControl } from "./web/deps.ts";

/** What a running master consists of; routes and pages get it whole. */
export interface MasterParts {
  config: MasterConfig;
  events: MasterEvents;
  hub: Hub;
  datasource: ManagedDatasource;
  database: Database;
  /** The event history; `events` above is what happens in the master itself. */
  history: EventStore;
  /** Metrics over time. */
  metrics: MetricsHistory;
  /** What charts mark. */
  marks: Marks;
  /** Where they are sent on to another store. */
  remoteWrite?: Pick<RemoteWrite, "state">;
  access: Access;
  audit: Audit;
  control: ManagedControl;
  alerting: ManagedAlerting;
  heartbeat(): HeartbeatView;
  /** Reads and verifies what `audit` records. */
  trail: AuditTrail;
  /** Given where the demo cluster can run in the same process. */
  demo?: DemoControl;
  /** Reads the clusters from the database again, after one was added, renamed or removed here. */
  refreshClusters(): Promise<void>;
}
