import { describe, expect, test } from "bun:test";
import { createMemoryHub } from "../../hub/memory.ts";
import { createDatasource } from "../datasource.ts";
import { type Column, groupAt, type Missing } from "./measured.ts";

let now = 1_700_000_000_000;
const id = "c1";

function start() {
  const hub = createMemoryHub({ ttlMs: 1000, maxRecords: 10, maxBytes: 1e6 });
  const datasource = createDatasource({ hub, silentAfterMs: 90_000, now: () => now });
  datasource.setClusters([{ id, name: "prod", tenant: "t", flavour: "kubernetes", createdMs: 1 } as never]);
  const push = (source: string, payload: object) =>
    hub.append({ clusterID: id, source, tsMs: now, payload } as never);
  const list = (kind: string, items: [string, object][]) =>
    push(`${kind}_list_snapshot`, {
      mode: "full",
      items: items.map(([key, value]) => ({ key, text: JSON.stringify(value) })),
      removed: [],
    });
  return {
    datasource,
    list,
    measure: (more: object = {}) =>
      push("metrics_snapshot", {
        snapshots: [{ nodeName: "n1", timestamp: new Date(now).toISOString(), ...more }],
      }),
    facts: () => datasource.facts()[0]!,
    pods: (names: string[], phase = "Running") =>
      list(
        "pod",
        names.map((name) => [`shop/${name}`, pod(name, phase)]),
      ),
    [Symbol.dispose]: () => datasource.stop(),
  };
}

function tell(cluster: ReturnType<typeof start>, mounts: string[]): void {
  cluster.list("node", [["n1", { summary: { name: "n1", ready: "True" } }]]);
  cluster.list("job", []);
  cluster.pods([]);
  cluster.measure({ disk: mounts.map((mountPoint) => ({ mountPoint, total: 10, used: 1 })) });
}

const pod = (name: string, phase: string) => ({
  summary: {
    name,
    namespace: "shop",
    uid: name,
    node: "n1",
    phase,
    owners: [
      { kind: "ReplicaSet", name: "web-x" },
      { kind: "Deployment", name: "web" },
    ],
  },
  containers: [
    { name: "a", resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } } },
    { name: "b", resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } } },
    { name: "i", role: "init", resources: {} },
  ],
});
const uses = (podUID: string, cpuCores: number, gib: number) => ({
  podUID,
  cpuCores,
  memoryWorkingSet: gib * 2 ** 30,
});
/** Without the turns of others. */
const all = (found: Iterable<Missing | undefined>) => [...found].filter((one) => one !== undefined);
const rows = (column: Column) =>
  Object.fromEntries(
    column.subjects.flatMap(({ kind, name }, row) =>
      Number.isNaN(column.values[row]!)
        ? []
        : [[`${kind} ${name} ${groupAt(column, row)}`.trim(), column.values[row]]],
    ),
  );

describe("the values that rules read", () => {
  test("of a node that is there, and tells nothing since a start, are not known; of one that is gone there are none", () => {
    using cluster = start();
    const silent = () => cluster.facts().silent({ kind: "Node", namespace: "", name: "n1" });
    const podSilent = () => cluster.facts().silent({ kind: "Pod", namespace: "shop", name: "web-1" });
    cluster.list("node", [["n1", { summary: { name: "n1", ready: "True" } }]]);
    cluster.list("job", []);
    cluster.pods(["web-1"]);
    expect([silent(), podSilent()]).toEqual([true, true]);
    cluster.measure();
    expect(podSilent()).toBe(false);
    cluster.measure();
    expect(silent()).toBe(false);
    now += 61_000;
    expect(silent()).toBe(true);
    using other = start();
    other.list("node", []);
    other.pods([]);
    expect(other.facts().silent({ kind: "Node", namespace: "", name: "n1" })).toBe(false);
  });

  test("of pods and workloads are what they use, and shares of what they asked for and may take", () => {
    using cluster = start();
    cluster.list("node", [["n1", { summary: { name: "n1", ready: "True" } }]]);
    cluster.list("job", []);
    cluster.pods(["web-1", "web-2", "web-3"]);
    cluster.measure({ containers: [uses("web-1", 0.25, 1), uses("web-1", 0.25, 1), uses("web-2", 1, 3)] });
    const of = (measured: "pod" | "workload", series: string) =>
      rows(cluster.facts().column(measured, "usage", series));
    expect(of("pod", "cpu")).toEqual({ "Pod web-1 usage": 0.5, "Pod web-2 usage": 1 });
    expect(of("pod", "memory of limit")).toEqual({ "Pod web-1 usage": 0.5, "Pod web-2 usage": 0.75 });
    expect(of("pod", "cpu of limit")).toEqual({});
    expect(of("workload", "cpu")).toEqual({ "Deployment web usage": 1.5 });
    expect(of("workload", "cpu of request")).toEqual({ "Deployment web usage": 0.75 });
    expect(cluster.facts().column("pod", "usage", "cpu").spaces?.get("shop")).toEqual([0, 3]);
    // Where nothing came for a minute nobody knows.
    now += 61_000;
    expect(of("pod", "cpu")).toEqual({});
    expect(cluster.facts().silent({ kind: "Pod", namespace: "shop", name: "web-1" })).toBe(true);
    expect(cluster.facts().silent({ kind: "Pod", namespace: "shop", name: "web-3" })).toBe(false);
    expect(cluster.facts().silent({ kind: "Deployment", namespace: "shop", name: "web" })).toBe(true);
  });

  test("of nodes and of the cluster are the newest that are known", () => {
    using cluster = start();
    for (const kind of ["node", "job", "pod"]) cluster.list(kind, []);
    cluster.measure({
      cpu: { usage: 0.5, cores: 4, load5: 2 },
      memory: { total: 100, used: 40 },
      disk: [
        { mountPoint: "/", total: 10, used: 9 },
        { mountPoint: "/data", total: 10, used: 1 },
      ],
    });
    const { column } = cluster.facts();
    expect(rows(column("node", "disk *", "share"))).toEqual({
      "Node n1 disk /": 0.9,
      "Node n1 disk /data": 0.1,
    });
    expect(rows(column("node", "load", "per core"))).toEqual({ "Node n1 load": 0.5 });
    expect(rows(column("node", "", ""))).toEqual({ "Node n1": 1 });
    expect(rows(column("cluster", "cpu", "share"))).toEqual({ "Cluster  cpu": 0.5 });
    expect(rows(column("cluster", "memory", "used"))).toEqual({ "Cluster  memory": 40 });
  });

  test("that ended while no master ran are missed after it, once they would have come; a day after they went, no more", () => {
    const kept = () => {
      using before = start();
      tell(before, ["/", "/data"]);
      void [...all(before.facts().missing("node", "disk *", "share"))];
      return JSON.parse(JSON.stringify(before.datasource.seen.changes()));
    };
    using cluster = start();
    const restore = kept();
    now += 3_600_000;
    cluster.datasource.seen.restore(restore);
    const missed = () => {
      tell(cluster, ["/"]);
      return [...all(cluster.facts().missing("node", "disk *", "share"))].map(({ group, lastMs }) => [
        group,
        now - lastMs,
      ]);
    };
    expect(missed()).toEqual([]);
    now += 59_000;
    expect(missed()).toEqual([]);
    now += 1000;
    expect(missed()).toEqual([["disk /data", 60_000]]);
    const [one, ...more] = cluster.datasource.seen.changes().filter((two) => two.goneMs !== undefined);
    expect(one).toMatchObject({ cluster: id, one: { group: "disk /data" } });
    expect(more).toEqual([]);
    // A node that was taken away has no disk that anybody misses.
    now += 1000;
    cluster.list("node", []);
    expect([...all(cluster.facts().missing("node", "disk *", "share"))]).toEqual([]);
    tell(cluster, ["/"]);
    now += 24 * 3_600_000;
    expect(missed()).toEqual([]);
    expect(cluster.datasource.seen.changes()).toContainEqual(
      expect.objectContaining({ key: one!.key, cluster: id }),
    );
  });

  test("that no rule asked for any more are known anew, and kept again, when one does", () => {
    using cluster = start();
    const looked = () => {
      tell(cluster, ["/"]);
      void [...all(cluster.facts().missing("node", "disk *", "share"))];
      return cluster.datasource.seen.changes().map((one) => one.one?.group);
    };
    expect(looked()).toEqual(["disk /"]);
    now += 1000;
    cluster.datasource.seen.keepOnly(new Set(["values\nnode\ndisk *\nshare"]));
    expect(looked()).toEqual([]);
    now += 1000;
    cluster.datasource.seen.keepOnly(new Set(["object\nJob"]));
    expect(looked()).toEqual(["disk /"]);
  });

  test("that are not there any more are missed for as long as what they are of is there", () => {
    using cluster = start();
    cluster.list("node", [["n1", { summary: { name: "n1", ready: "True" } }]]);
    cluster.list("job", []);
    cluster.list("deployment", [["shop/web", { summary: { name: "web", namespace: "shop" } }]]);
    cluster.pods(["web-1", "web-2"]);
    const both = { containers: [uses("web-1", 1, 1), uses("web-2", 1, 1)] };
    cluster.measure({ ...both, disk: [{ mountPoint: "/data", total: 10, used: 1 }] });
    const missed = () => {
      const facts = cluster.facts();
      return [
        ...all(facts.missing("node", "disk *", "share")),
        ...all(facts.missing("pod", "usage", "cpu")),
        ...all(facts.missing("node", "", "")),
        ...facts.gone("Deployment"),
      ].map(({ subject, lastMs }) => [subject.kind, subject.name, now - lastMs]);
    };
    expect(missed()).toEqual([]);
    now += 30_000;
    cluster.measure(both);
    expect(missed()).toEqual([["Node", "n1", 30_000]]);
    now += 70_000;
    cluster.measure();
    cluster.pods(["web-1"]);
    cluster.list("deployment", []);
    expect(missed()).toEqual([
      ["Node", "n1", 100_000],
      ["Pod", "web-1", 70_000],
      ["Deployment", "web", 70_000],
    ]);
    // While the agent is silent nobody knows; afterwards it is missed anew.
    now += 200_000;
    cluster.facts();
    now += 1000;
    cluster.pods(["web-1"]);
    expect(missed().map(([kind, , ms]) => [kind, ms])).toEqual([
      ["Node", 0],
      ["Pod", 0],
      ["Node", 0],
      ["Deployment", 0],
    ]);
  });

  test("of thousands are taken in by steps, in which others get their turn", () => {
    using cluster = start();
    cluster.list("node", [["n1", { summary: { name: "n1", ready: "True" } }]]);
    cluster.list("job", []);
    const names = Array.from({ length: 3000 }, (_, n) => `p${n}`);
    cluster.pods(names);
    cluster.measure({ containers: names.map((name) => uses(name, 1, 1)) });
    const facts = cluster.facts();
    expect([...facts.ready!()].length).toBeGreaterThanOrEqual(6);
    // What is there once is not made again for the same judgement, whatever changes meanwhile.
    cluster.pods([...names, "late"]);
    expect(facts.column("pod", "usage", "cpu").subjects).toHaveLength(3000);
    expect([...facts.missing("pod", "usage", "cpu")].length).toBeGreaterThanOrEqual(6);
    now += 1000;
    expect(cluster.facts().column("pod", "usage", "cpu").subjects).toHaveLength(3001);
  });
});
