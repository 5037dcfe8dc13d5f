import { expect, test } from "bun:test";
import type { ListQuery } from "../../views/model.ts";
import type { KindKey } from "../../wire/kinds.ts";
import type { Sight } from "../access/sight.ts";
import { random } from "../control/lab.ts";
import { crashingPod, runningPod, testDatasource } from "./testing.ts";

const clusters = ["c1", "c2", "c3"];
const namespaces = ["shop", "bank", "web", "kube-system"];
const kinds: KindKey[] = ["pod", "deployment", "service", "configmap", "persistentvolumeclaim", "job"];

/** Fills a datasource with what `keeps` lets in; the same for the same seed. */
function fill(seed: number, keeps: (cluster: string, namespace: string) => boolean) {
  const next = random(seed);
  const source = testDatasource(clusters);
  for (const cluster of clusters) {
    for (const kind of kinds) {
      const items = [];
      for (const namespace of namespaces)
        for (let n = Math.floor(next() * 6); n > 0; n--) {
          const name = `${kind}-${n}-${namespace}`;
          const uid = `${cluster}-${name}`;
          const more = { namespace, uid, node: `n${n % 2}`, restarts: Math.floor(next() * 9) };
          const bad = next() < 0.3;
          if (!keeps(cluster, namespace)) continue;
          if (kind === "pod") {
            const pod = bad ? crashingPod(name, more) : runningPod(name, more);
            items.push({ ...pod, labels: { app: `app${n % 2}` } });
          } else items.push({ summary: { name, namespace, uid, replicas: 2, ready: bad ? 0 : 2 } });
        }
      source.full(kind, items as never, cluster);
    }
    source.full(
      "namespace",
      namespaces.filter((one) => keeps(cluster, one)).map((name) => ({ summary: { name } })) as never,
      cluster,
    );
    source.full("node", keeps(cluster, "") ? [{ summary: { name: "n1" } } as never] : [], cluster);
    const events = namespaces
      .filter((one) => keeps(cluster, one))
      .map((namespace) => ({
        id: `${cluster}-${namespace}`,
        ts_ms: source.clock.now,
        kind: "Pod",
        name: `pod-1-${namespace}`,
        namespace,
        reason: "CrashLoopBackOff",
        message: "it crashes",
        severity: next() < 0.5 ? "critical" : "warning",
        origin: "diagnosis",
      }));
    // Each decides alike whatever is let in.
    for (let n = events.length; n < namespaces.length; n++) next();
    if (seed % 2)
      source.send("events", { events: events.map((one) => ({ ...one, severity: "critical" })) }, cluster);
  }
  return source;
}

function sightFor(next: () => number): Exclude<Sight, "everything"> {
  const sight = new Map<string, "all" | Set<string>>();
  for (const cluster of clusters) {
    const chance = next();
    if (chance < 0.25) continue;
    if (chance < 0.5) sight.set(cluster, "all");
    else sight.set(cluster, new Set([...namespaces, "nosuch"].filter(() => next() < 0.4)));
  }
  return sight;
}

test("what is seen of a part is what there would be if there were no more", () => {
  let narrowed = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const next = random(seed * 7919);
    const sight = sightFor(next);
    const part = (cluster: string) => sight.get(cluster);
    const keeps = (cluster: string, namespace: string) => {
      const seen = part(cluster);
      return seen === "all" || (seen?.has(namespace) ?? false);
    };
    const whole = fill(seed, () => true).datasource;
    const alone = fill(seed, keeps).datasource;
    const seen = whole.seenBy(sight);
    if (seen !== whole) narrowed++;
    const same = (what: string, a: unknown, b: unknown) => {
      const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
      if (one !== other)
        throw new Error(`seed ${seed}, ${what}:\n${one.slice(0, 600)}\n${other.slice(0, 600)}`);
    };
    const known = [...sight.keys()];
    same(
      "clusters",
      seen.clusters().map(({ only: _only, ...one }) => one),
      alone.clusters().filter((one) => known.includes(one.id)),
    );
    for (const cluster of [undefined, ...clusters]) {
      if (cluster !== undefined && !known.includes(cluster)) {
        expect(seen.cluster(cluster)).toBeUndefined();
        expect(seen.findCluster(cluster)).toBeUndefined();
        expect(seen.findCluster(`name of ${cluster}`)).toBeUndefined();
      }
      same(`namespaces of ${cluster}`, seen.namespaces(cluster), alone.namespaces(cluster));
      for (const namespace of [undefined, ...namespaces]) {
        const scope = { ...(cluster ? { cluster } : {}), ...(namespace ? { namespace } : {}) };
        same(`problems of ${cluster} ${namespace}`, seen.problems(scope), alone.problems(scope));
        const queries: ListQuery[] = [
          scope,
          { ...scope, status: "attention" },
          { ...scope, q: "pod shop" },
          { ...scope, q: "1", sort: "-name", limit: 2, offset: 1 },
          { ...scope, sort: "name", limit: 3 },
        ];
        for (const kind of [...kinds, "namespace", "node"] as const)
          for (const query of queries) {
            const [one, other] = [seen.list(kind, query), alone.list(kind, query)];
            same(`${kind} ${JSON.stringify(query)}`, one, other);
            if (one.next)
              same(
                `${kind} ${JSON.stringify(query)}, its second page`,
                seen.list(kind, { ...query, offset: undefined, cursor: one.next }),
                alone.list(kind, { ...query, offset: undefined, cursor: other.next! }),
              );
          }
      }
    }
    for (const cluster of clusters) {
      for (const node of ["n0", "n1"]) {
        same(`pods of ${node}`, seen.podsOf(cluster, { node }), alone.podsOf(cluster, { node }));
        expect(seen.latestMetrics(cluster, node)).toBeUndefined();
      }
      for (const namespace of namespaces) {
        const by = { selector: { namespace, labels: { app: "app1" } } };
        same(`pods by labels in ${namespace}`, seen.podsOf(cluster, by), alone.podsOf(cluster, by));
        for (const kind of kinds)
          for (let n = 1; n < 4; n++) {
            const ref = { cluster, namespace, name: `${kind}-${n}-${namespace}` };
            same(`${kind} ${n} of ${namespace}`, seen.get(kind, ref), alone.get(kind, ref));
          }
      }
      same("a node", seen.get("node", { cluster, name: "n1" }), alone.get("node", { cluster, name: "n1" }));
    }
  }
  expect(narrowed).toBeGreaterThan(35);
});

test("metrics of nodes, and what has gone, are of clusters that are seen whole", () => {
  const source = testDatasource(["c1", "c2"]);
  const snapshot = {
    nodeName: "n1",
    timestamp: new Date(source.clock.now).toISOString(),
    cpu: { usage: 0.5, cores: 2 },
  };
  for (const cluster of ["c1", "c2"]) {
    source.send("metrics_snapshot", { snapshots: [snapshot] }, cluster);
    source.full("pod", [runningPod("a"), runningPod("b", { namespace: "bank" })], cluster);
    source.full("pod", [], cluster);
  }
  const seen = source.datasource.seenBy(
    new Map<string, "all" | Set<string>>([
      ["c1", new Set(["shop"])],
      ["c2", "all"],
    ]),
  );
  // Seen whole, both of them: nothing is left out.
  expect(source.datasource.allLatestMetrics().map((one) => one.cluster)).toEqual(["c1", "c2"]);
  expect(seen.allLatestMetrics().map((one) => one.cluster)).toEqual(["c2"]);
  expect(seen.latestMetrics("c1", "n1")).toBeUndefined();
  expect(seen.recentMetrics("c1", "n1")).toBeUndefined();
  expect(seen.recentMetrics("c2", "n1")).toBeDefined();
  const gone = (cluster: string, namespace: string, name: string) =>
    seen.removedMs("pod", { cluster, namespace, name }) !== undefined;
  expect([gone("c1", "shop", "a"), gone("c1", "bank", "b"), gone("c2", "bank", "b")]).toEqual([
    true,
    false,
    true,
  ]);
});

test("an agent's state tells who sees some namespaces nothing of others", () => {
  const source = testDatasource(["c1", "c2"]);
  source.send("agent_status_snapshot", {
    agent: {
      name: "x",
      flavour: "kubernetes",
      run: "r",
      agentVersion: "2",
      startedAt_ms: 1,
      denied: [{ kind: "Secret", reason: "forbidden", message: "in namespace bank" }],
      control: { commands: [], protectedNamespaces: ["bank", "shop"], exec: true },
    },
  });
  const seen = source.datasource.seenBy(new Map([["c1", new Set(["shop"])]]));
  expect(seen.cluster("c1")?.status).toMatchObject({
    denied: [{ kind: "Secret", reason: "forbidden" }],
    control: { protectedNamespaces: ["shop"] },
  });
  expect(JSON.stringify(seen.clusters())).not.toContain("bank");
});
