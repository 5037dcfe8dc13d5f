import type { Event, Severity } from "../../wire/event.ts";
import { msOf } from "../project/common.ts";
import type { Category } from "./finding.ts";

interface EventReference {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  fieldPath?: string;
}

/** An Event under events.k8s.io/v1 or under core/v1: the API server shows the same objects in either shape. */
export interface EventObject {
  metadata: { name: string; namespace?: string; uid?: string; creationTimestamp?: string };
  type?: string;
  reason?: string;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string } | null;
  // events.k8s.io/v1
  regarding?: EventReference;
  note?: string;
  deprecatedSource?: { host?: string };
  deprecatedFirstTimestamp?: string;
  deprecatedLastTimestamp?: string;
  deprecatedCount?: number;
  // core/v1
  involvedObject?: EventReference;
  message?: string;
  source?: { host?: string };
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  count?: number;
}

/** Normal Events are news; of the Warnings these are worth waking somebody. */
const critical = new Set([
  "NodeNotReady",
  "SystemOOM",
  "Rebooted",
  "KubeletSetupFailed",
  "InvalidDiskCapacity",
]);

const categories: [RegExp, Category][] = [
  [/pull|image/i, "image"],
  [/schedul|preempt/i, "scheduling"],
  [/unhealthy|probe/i, "health"],
  [/mount|attach|volume|provision|claim|snapshot/i, "storage"],
  [/^node|^Rebooted|OOM|evict|kubelet|pressure|diskcapacity/i, "node"],
  [/scal|rescale|metric/i, "scaling"],
  [/sandbox|network|endpoint|loadbalancer|dns|sync$/i, "network"],
  [/container|back-?off(?!limit)|killing|started|created|failed$/i, "container"],
  [/create|delete|job|deadline|rollout|replica|backofflimit/i, "workload"],
];

/** A Kubernetes Event as ours: its UID is the id, so that one whose count grows stays one line. */
export function projectEvent(object: EventObject): Event {
  const { metadata, series } = object;
  const about = object.regarding ?? object.involvedObject ?? {};
  const reason = object.reason || "Unknown";
  const createdMs = msOf(metadata.creationTimestamp) ?? 0;
  const times = [
    msOf(series?.lastObservedTime),
    msOf(object.deprecatedLastTimestamp ?? object.lastTimestamp),
    msOf(object.eventTime),
    createdMs,
  ];
  const lastMs = Math.max(...times.map((ms) => ms ?? 0));
  const firstMs = msOf(object.deprecatedFirstTimestamp ?? object.firstTimestamp) ?? msOf(object.eventTime);
  const kind = about.kind || "Unknown";
  const host = (object.deprecatedSource ?? object.source)?.host;
  return {
    id: metadata.uid ?? `${metadata.namespace}/${metadata.name}`,
    ts_ms: lastMs,
    first_ts_ms: Math.min(firstMs ?? createdMs, lastMs),
    count: series?.count ?? object.deprecatedCount ?? object.count ?? 1,
    kind: kind.slice(0, 253),
    namespace: about.namespace || undefined,
    name: (about.name || metadata.name).slice(0, 1024),
    uid: about.uid?.slice(0, 100) || undefined,
    container: containerOf(about.fieldPath),
    node: (kind === "Node" ? about.name : host)?.slice(0, 253) || undefined,
    reason: reason.slice(0, 200),
    category: categoryOf(reason),
    severity: severityOf(object.type, reason),
    message: (object.note ?? object.message)?.slice(0, 8000) || undefined,
    origin: "kubernetes",
  };
}

function severityOf(type: string | undefined, reason: string): Severity {
  if (critical.has(reason)) return "critical";
  return type === "Warning" ? "warning" : "info";
}

export function categoryOf(reason: string): Category {
  return categories.find(([pattern]) => pattern.test(reason))?.[1] ?? "other";
}

/** `spec.containers{web}` is web. */
function containerOf(fieldPath: string | undefined): string | undefined {
  return /^spec\.\w+\{([^}]{1,253})\}$/.exec(fieldPath ?? "")?.[1];
}
