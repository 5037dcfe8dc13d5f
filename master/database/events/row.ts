import type { StoredEvent } from "../../../views/event-model.ts";
import type { Event, Severity } from "../../../wire/event.ts";

/** An event as it lies in the table. */
export interface EventRow {
  key: number;
  cluster: number;
  bucket: number;
  id: string;
  ts: number;
  first: number | null;
  count: number | null;
  resolved: number | null;
  severity: number;
  kind: string;
  namespace: string | null;
  name: string;
  uid: string | null;
  container: string | null;
  node: string | null;
  reason: string;
  category: string | null;
  message: string | null;
  origin: string | null;
}

const severities: readonly Severity[] = ["info", "warning", "critical"];
export const severityNumber = (severity: Severity): number => severities.indexOf(severity);

export function toEvent(row: EventRow, cluster: string): StoredEvent {
  const event: StoredEvent = {
    cluster,
    id: row.id,
    ts_ms: row.ts,
    kind: row.kind,
    name: row.name,
    reason: row.reason,
    severity: severities[row.severity] ?? "info",
  };
  if (row.first !== null) event.first_ts_ms = row.first;
  if (row.resolved !== null) event.resolved_ts_ms = row.resolved;
  if (row.count !== null) event.count = row.count;
  if (row.namespace !== null) event.namespace = row.namespace;
  if (row.uid !== null) event.uid = row.uid;
  if (row.container !== null) event.container = row.container;
  if (row.node !== null) event.node = row.node;
  if (row.category !== null) event.category = row.category;
  if (row.message !== null) event.message = row.message;
  if (row.origin !== null) event.origin = row.origin;
  return event;
}

/**
 * What a stored event becomes when the same occurrence comes again; undefined when it stays as it is. Nothing
 * goes backwards: of what is older only an earlier beginning counts, and at the same time only a higher count.
 */
export function merged(row: EventRow, event: Event): EventRow | undefined {
  const first = Math.min(row.first ?? row.ts, event.first_ts_ms ?? event.ts_ms);
  const begins = first < (row.first ?? row.ts) || (row.first === null && event.ts_ms > row.ts);
  const older = event.ts_ms < row.ts || (event.ts_ms === row.ts && (event.count ?? 0) < (row.count ?? 0));
  if (older) return begins ? { ...row, first } : undefined;
  const next: EventRow = {
    ...row,
    ts: event.ts_ms,
    first: begins ? first : row.first,
    count: event.count === undefined ? row.count : Math.max(event.count, row.count ?? 0),
    severity: severityNumber(event.severity),
    message: event.message ?? row.message,
    reason: event.reason,
    node: event.node ?? row.node,
    // Seen again after its end, an occurrence is open again; the same message once more does not open it.
    resolved: event.resolved_ts_ms ?? (event.ts_ms > row.ts ? null : row.resolved),
  };
  for (const key in next) if (next[key as keyof EventRow] !== row[key as keyof EventRow]) return next;
  return undefined;
}

/** Whether a change of a row changes what its full text says. */
export function textDiffers(a: EventRow, b: EventRow): boolean {
  return (
    a.message !== b.message ||
    a.reason !== b.reason ||
    a.node !== b.node ||
    a.severity !== b.severity ||
    (a.resolved === null) !== (b.resolved === null)
  );
}
