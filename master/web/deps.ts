import type { UserPrincipal } from "../access/principal.ts";
import type { Alerting } from "../alert/alerting.ts";
import type { Control } from "../control/control.ts";
import type { ManagedDatasource } from "../datasource/datasource.ts";
import type { MasterParts } from "../parts.ts";
import { type Within, within } from "../within.ts";

/** What the pages need of a running master. Nothing can be read of it before it is somebody's: `within`. */
export interface WebDeps
  extends Pick<
    MasterParts,
    "access" | "audit" | "heartbeat" | "trail" | "database" | "refreshClusters" | "remoteWrite"
  > {
  config: Pick<
    MasterParts["config"],
    | "publicUrl"
    | "approve"
    | "agentImage"
    | "eventRetentionMs"
    | "eventMaxBytes"
    | "historyMaxBytes"
    | "sessionIdleMs"
    | "sessionMaxMs"
    | "exec"
  >;
  datasource: Pick<ManagedDatasource, "seenBy" | "changed" | "subscribe">;
  control: Control;
  alerting: Alerting;
  history: Pick<MasterParts["history"], "seenBy" | "size">;
  metrics: Pick<MasterParts["metrics"], "seenBy" | "sizes">;
  marks: Pick<MasterParts["marks"], "seenBy">;
  /** Given by `atlhyper up`, where the demo cluster can run in the same process. */
  demo?: DemoControl;
}

/** The same as the one who makes a request sees it, with the whole for what is no reading. */
export type SeenDeps = Within<WebDeps> & { whole: WebDeps };

export function seenBy(whole: WebDeps, user: UserPrincipal): SeenDeps {
  return { ...within(whole, user), whole };
}

export interface DemoControl {
  running(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}
