import type { Event, Severity } from "../wire/event.ts";

/** The stored events, whether or not the cluster still knows them. */
export interface EventQuery {
  cluster?: string;
  namespace?: string;
  kind?: string;
  name?: string;
  node?: string;
  severity?: Severity;
  reason?: string;
  origin?: string;
  /** Full text, words and "phrases". */
  q?: string;
  /** Only occurrences that are not over (diagnosis without resolved_ts_ms). */
  open?: boolean;
  fromMs?: number;
  toMs?: number;
  sort?: string;
  limit?: number;
  cursor?: string;
}
export interface StoredEvent extends Event {
  cluster: string;
}
export interface EventPage {
  items: StoredEvent[];
  /** Counted up to 10,000, then it is that number and `more` is set. */
  total: number;
  more: boolean;
  next?: string;
}
