import type { Datasource } from "../../views/model.ts";
import type { Control } from "../control/control.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { MasterParts } from "../parts.ts";

/** What the pages need of a running master. */
export interface WebDeps
  extends Pick<MasterParts, "access" | "audit" | "trail" | "database" | "refreshClusters"> {
  config: Pick<
    MasterParts["config"],
    | "publicUrl"
    | "approve"
    | "agentImage"
    | "eventRetentionMs"
    | "eventMaxBytes"
    | "sessionIdleMs"
    | "sessionMaxMs"
    | "exec"
  >;
  datasource: Datasource & Pick<ManagedDatasource, "changed">;
  control: Control;
  history: Pick<MasterParts["history"], "search" | "size" | "forget" | "get" | "open" | "recentWarnings">;
  /** Given by `atlhyper up`, where the demo cluster can run in the same process. */
  demo?: DemoControl;
}

export interface DemoControl {
  running(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}
