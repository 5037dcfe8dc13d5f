import type { EnvelopeRecord, Hub, Incoming, WireEnvelope } from "./hub.ts";

export interface HubLimits {
  ttlMs: number;
  maxRecords: number;
  maxBytes: number;
}

/**
 * The hub in memory: a queue whose oldest go when it is over its time, number or bytes. Payloads are those
 * that ingest has decoded, shared and not copied; whoever keeps a view keeps parts of the same objects.
 */
export function createMemoryHub(limits: HubLimits, now: () => number = Date.now): Hub {
  let entries: { record: EnvelopeRecord; bytes: number }[] = [];
  let first = 0;
  let total = 0;
  const subscribers = new Set<(record: EnvelopeRecord) => void>();

  function expire(time: number): void {
    while (first < entries.length) {
      const { record, bytes } = entries[first]!;
      const fits = entries.length - first <= limits.maxRecords && total <= limits.maxBytes;
      if (fits && time - record.enqueuedAt <= limits.ttlMs) break;
      total -= bytes;
      // Let go of the payload now: the array itself is cut only once half of it is empty.
      entries[first++] = undefined as never;
    }
    if (first > 64 && first * 2 > entries.length) {
      entries = entries.slice(first);
      first = 0;
    }
  }

  function put(message: Incoming, enqueuedAt: number, bytes: number): EnvelopeRecord {
    const record = { ...message, enqueuedAt };
    entries.push({ record, bytes });
    total += bytes;
    return record;
  }

  function publish(records: readonly EnvelopeRecord[]): void {
    for (const record of records) for (const callback of subscribers) callback(record);
  }

  function append(message: Incoming, bytes = 0): EnvelopeRecord {
    const record = put(message, now(), bytes);
    expire(record.enqueuedAt);
    publish([record]);
    return record;
  }

  return {
    append,
    appendBatch(messages, bytes = 0) {
      const time = now();
      const share = messages.length === 0 ? 0 : bytes / messages.length;
      const records = messages.map((message) => put(message, time, share));
      expire(time);
      publish(records);
      return records;
    },
    appendEnvelope(envelope: WireEnvelope, bytes = 0) {
      const { version, cluster_id: clusterID, source, ts_ms: sentAtMs, payload } = envelope;
      return append({ version, clusterID, source, sentAtMs, payload }, bytes);
    },
    replaceLatest(message, bytes = 0) {
      // One synchronous step: nobody can see the hub between the removal and the append.
      const kept = entries.slice(first).filter(({ record, bytes: size }) => {
        const replaced = record.clusterID === message.clusterID && record.source === message.source;
        if (replaced) total -= size;
        return !replaced;
      });
      entries = kept;
      first = 0;
      return append(message, bytes);
    },
    snapshot(filter = {}) {
      expire(now());
      const found: EnvelopeRecord[] = [];
      for (let at = first; at < entries.length; at++) {
        const { record } = entries[at]!;
        if (filter.clusterID !== undefined && record.clusterID !== filter.clusterID) continue;
        if (filter.source !== undefined && record.source !== filter.source) continue;
        found.push(record);
      }
      return found;
    },
    len() {
      expire(now());
      return entries.length - first;
    },
    subscribe(callback) {
      subscribers.add(callback);
      return () => subscribers.delete(callback);
    },
  };
}
