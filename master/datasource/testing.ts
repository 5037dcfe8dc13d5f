import { type ItemOf, type KindKey, keyOf, sourceOf } from "../../wire/kinds.ts";
import type { Pod } from "../../wire/pod.ts";
import type { ClusterRecord } from "../database/clusters.ts";
import type { Noted } from "../history/marks.ts";
import { createMemoryHub } from "../hub/memory.ts";
import { createDatasource } from "./datasource.ts";

/** A datasource with a clock that tests set and messages that they send; for tests of this folder. */
export function testDatasource(
  clusters: (string | Partial<ClusterRecord>)[] = ["c1"],
  noted: (one: Noted) => void = () => undefined,
) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const hub = createMemoryHub({ ttlMs: 60_000, maxRecords: 1000, maxBytes: 2 ** 24 }, () => clock.now);
  const datasource = createDatasource({ hub, silentAfterMs: 90_000, now: () => clock.now, noted });
  const records = clusters.map((one) => ({
    id: "c1",
    tenant: "default",
    clusterID: undefined,
    flavour: "kubernetes" as const,
    createdMs: 0,
    lastSeenMs: undefined,
    status: undefined,
    ...(typeof one === "string" ? { id: one } : one),
    name: typeof one === "string" ? `name of ${one}` : (one.name ?? "name"),
  }));
  datasource.setClusters(records);
  const send = (source: string, payload: unknown, clusterID = "c1") =>
    hub.append({ version: "v1", clusterID, source, sentAtMs: clock.now, payload });
  const items = (list: ItemOf[KindKey][]) =>
    list.map((item) => ({ key: keyOf(item as Parameters<typeof keyOf>[0]), text: JSON.stringify(item) }));
  return {
    clock,
    hub,
    datasource,
    records,
    send,
    full: <K extends KindKey>(kind: K, list: ItemOf[K][], cluster?: string) =>
      send(sourceOf(kind), { mode: "full", items: items(list), removed: [] }, cluster),
    delta: <K extends KindKey>(kind: K, list: ItemOf[K][], removed: string[] = [], cluster?: string) =>
      send(sourceOf(kind), { mode: "delta", items: items(list), removed }, cluster),
  };
}

export const ago = (now: number, ms: number) => new Date(now - ms).toISOString();

export function runningPod(name: string, more: Partial<Pod["summary"]> = {}, rest: Partial<Pod> = {}): Pod {
  return {
    summary: {
      name,
      namespace: "shop",
      phase: "Running",
      ready: "1/1",
      node: "n1",
      uid: `uid-${name}`,
      ...more,
    },
    ...rest,
  };
}

export function crashingPod(name: string, more: Partial<Pod["summary"]> = {}): Pod {
  return runningPod(
    name,
    { ready: "0/1", reason: "CrashLoopBackOff", restarts: 7, ...more },
    {
      containers: [
        {
          name: "web",
          status: {
            state: "waiting",
            reason: "CrashLoopBackOff",
            restartCount: 7,
            lastTerminatedReason: "Error",
            lastTerminatedExitCode: 1,
          },
        },
      ],
    },
  );
}
