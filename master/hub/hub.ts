/** One message of a cluster, as the hub keeps it. */
export interface EnvelopeRecord<P = unknown> {
  version: string;
  clusterID: string;
  source: string;
  /** When the agent sent it, by the agent's clock. */
  sentAtMs: number;
  /** When it came into the hub, by ours. */
  enqueuedAt: number;
  payload: P;
}

/** A message before it is in the hub. */
export type Incoming<P = unknown> = Omit<EnvelopeRecord<P>, "enqueuedAt">;

/** An envelope as it stands on the wire. */
export interface WireEnvelope {
  version: string;
  cluster_id: string;
  source: string;
  ts_ms: number;
  payload: unknown;
}

/**
 * The log of messages between ingest and those who make something of them. Bounded by time, number and
 * bytes: a subscriber sees every message as it is appended; one that comes late reads `snapshot` first.
 */
export interface Hub {
  append(message: Incoming, bytes?: number): EnvelopeRecord;
  /** Appends all of them with one time of enqueueing. */
  appendBatch(messages: readonly Incoming[], bytes?: number): EnvelopeRecord[];
  appendEnvelope(envelope: WireEnvelope, bytes?: number): EnvelopeRecord;
  /** Removes all messages of that cluster and source and appends this one, as one step. */
  replaceLatest(message: Incoming, bytes?: number): EnvelopeRecord;
  /** What is in the hub, oldest first, optionally of one cluster and source. */
  snapshot(filter?: { clusterID?: string; source?: string }): EnvelopeRecord[];
  /** How many messages are in the hub. */
  len(): number;
  /** Calls back with each message, in order, as it is appended; returns how to stop it. */
  subscribe(callback: (record: EnvelopeRecord) => void): () => void;
}
