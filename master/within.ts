import type { Alerting } from "./alert/alerting.ts";
import type { SeenAlerts } from "./alert/alerts.ts";
import type { Access } from "./access/access.ts";
import type { Principal } from "./access/principal.ts";
import type { Sight } from "./access/sight.ts";
import type { EventStore } from "./database/events/store.ts";
import type { ManagedDatasource } from "./datasource/datasource.ts";
import type { MetricsHistory } from "./history/history.ts";
import type { Marks, SeenMarks } from "./history/marks.ts";

/** What there is, to be read by nobody as it is. */
interface Whole {
  access: Pick<Access, "sight">;
  datasource: Pick<ManagedDatasource, "seenBy">;
  history: Pick<EventStore, "seenBy">;
  metrics: Pick<MetricsHistory, "seenBy">;
  marks: Pick<Marks, "seenBy">;
  alerting: Pick<Alerting, "seenBy">;
}

/** The same as one principal sees it: what reads takes this, and cannot be given the whole. */
export type Within<P extends Whole> = Omit<P, "datasource" | "history" | "metrics" | "marks"> & {
  readonly sight: Sight;
  datasource: ReturnType<ManagedDatasource["seenBy"]>;
  history: ReturnType<EventStore["seenBy"]>;
  metrics: ReturnType<MetricsHistory["seenBy"]>;
  marks: SeenMarks;
  alerts: SeenAlerts;
};

/**
 * Narrows everything that is read for a request to what its principal may see. The one place where that is done:
 * pages, lists, searches, streams and the API's answers all read from what this gives.
 */
export function within<P extends Whole>(parts: P, by: Principal | undefined): Within<P> {
  const sight = parts.access.sight(by);
  return {
    ...parts,
    sight,
    datasource: parts.datasource.seenBy(sight),
    history: parts.history.seenBy(sight),
    metrics: parts.metrics.seenBy(sight),
    marks: parts.marks.seenBy(sight),
    alerts: parts.alerting.seenBy(sight),
  };
}
