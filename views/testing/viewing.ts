import type { ClusterView, ProblemView, Row, StoredEvent } from "../model.ts";
import { texts } from "../text/text.ts";
import type { Viewing } from "../viewing.ts";

/** Somebody who looks at `path`, for tests of pages. */
export function viewer(path = "/", more: Partial<Viewing> = {}): Viewing {
  const url = new URL(path, "http://own.invalid");
  return {
    t: texts.en,
    lang: "en",
    theme: "system",
    now: 1_800_000_000_000,
    path: url.pathname,
    query: url.searchParams,
    scope: {},
    clusters: [cluster("c1", "production")],
    namespaces: [],
    user: { name: "ada", role: "admin" },
    admin: () => true,
    can: () => true,
    needsApproval: () => false,
    proposed: 0,
    doing: [],
    passwordLeast: 10,
    csrf: "token",
    assets: { css: "", js: "", icon: "", logs: "", terminal: "", xtermCss: "" },
    demo: { available: false, running: false },
    ...more,
  };
}

export function cluster(id: string, name: string, more: Partial<ClusterView> = {}): ClusterView {
  return {
    id,
    name,
    flavour: "kubernetes",
    connection: "connected",
    lastSeenMs: 1_800_000_000_000,
    health: "ok",
    counts: {
      nodes: 1,
      nodesReady: 1,
      pods: 2,
      podsAttention: 0,
      workloads: 1,
      workloadsAttention: 0,
      namespaces: 1,
    },
    usage: { cpuCores: 1, cpuTotal: 4, memoryBytes: 2 ** 30, memoryTotal: 2 ** 32 },
    ...more,
  };
}

export function rowOf<T>(item: T, more: Partial<Row<T>> = {}): Row<T> {
  return {
    cluster: "c1",
    key: "k",
    item,
    health: "ok",
    state: "Running",
    why: "",
    sinceMs: 0,
    createdMs: 0,
    ...more,
  };
}

export function storedEvent(more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    cluster: "c1",
    id: "e1",
    ts_ms: 1_799_999_990_000,
    kind: "Pod",
    namespace: "shop",
    name: "web",
    reason: "BackOff",
    severity: "warning",
    ...more,
  };
}

export function problemView(more: Partial<ProblemView> = {}): ProblemView {
  return {
    cluster: "c1",
    kind: "Pod",
    namespace: "shop",
    name: "web",
    node: "",
    reason: "CrashLoopBackOff",
    message: "container web exits with 1",
    severity: "critical",
    sinceMs: 1_799_999_900_000,
    lastMs: 1_799_999_990_000,
    count: 3,
    ...more,
  };
}
