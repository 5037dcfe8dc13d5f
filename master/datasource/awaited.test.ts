import { expect, test } from "bun:test";
import type { ClusterView } from "../../views/model.ts";
import { statusSource } from "../../wire/envelope.ts";
import { kindKeys } from "../../wire/kinds.ts";
import { runningPod, testDatasource } from "./testing.ts";

const start = Date.UTC(2026, 0, 1);
const status = { agent: { flavour: "kubernetes", denied: [{ kind: "Ingress", reason: "forbidden" }] } };

/** A master that starts again, of whose cluster the database knows when it was heard last. */
function restarted(lastSeenMs: number, more: object = {}) {
  const source = testDatasource([
    { lastSeenMs, status: { flavour: "kubernetes" } as never, createdMs: 1, ...more },
  ]);
  const cluster = () => source.datasource.cluster("c1") as ClusterView;
  return { ...source, cluster, reasons: () => source.datasource.problems({}).map((one) => one.reason) };
}

test("after a start nobody knows what a cluster has until its agent's lists have come, kind by kind", () => {
  const { cluster, full, delta } = restarted(start - 5000);
  expect(cluster()).toMatchObject({
    health: "unknown",
    awaited: { sinceMs: start, started: true, whole: true },
  });
  expect(cluster().awaited?.kinds).toEqual([...kindKeys]);
  delta("pod", [runningPod("a")]);
  expect(cluster().awaited?.kinds).toContain("pod");
  full("pod", []);
  expect(cluster().awaited?.kinds).not.toContain("pod");
  for (const kind of ["job", "node"] as const) full(kind, []);
  expect(cluster()).toMatchObject({ health: "ok", awaited: { whole: false } });
  for (const kind of kindKeys) full(kind, []);
  expect(cluster().awaited).toBeUndefined();
});

test("what an agent may not read is not waited for, nor what it has not sent half a minute after it was heard", () => {
  const { cluster, send, clock } = restarted(start - 5000);
  send(statusSource.names[0]!, status);
  expect(cluster().awaited?.kinds).not.toContain("ingress");
  clock.now += 29_000;
  expect(cluster().awaited?.kinds).toContain("pod");
  clock.now += 2000;
  expect(cluster().awaited).toBeUndefined();
});

test("of a cluster that was never heard before, it is waited for since its agent came", () => {
  const { cluster, send, clock } = restarted(0, { lastSeenMs: undefined });
  expect(cluster().awaited).toBeUndefined();
  clock.now += 3_600_000;
  send(statusSource.names[0]!, status);
  expect(cluster().awaited).toMatchObject({ sinceMs: clock.now, started: false });
});

test("an empty list that comes is told to who waits for it", async () => {
  const { full, datasource } = restarted(start - 5000);
  datasource.tick();
  const told = new Promise<Set<string>>((resolve) =>
    datasource.subscribe((notices) => resolve(new Set(notices.flatMap((one) => [...one.topics])))),
  );
  full("service", []);
  expect([...(await told)]).toContain("service");
});

test("an agent is not silent because the master was away: it has time to notice that the master is back", () => {
  const hour = 3_600_000;
  const { clock, cluster, reasons } = restarted(start - hour);
  expect(reasons()).toEqual([]);
  clock.now += 44_000;
  expect(reasons()).toEqual([]);
  clock.now += 6000;
  expect(cluster().connection).toBe("silent");
  expect(reasons()).toEqual(["AgentSilent"]);
});

test("the clock of an agent that was heard just before goes on from there", () => {
  const { clock, reasons } = restarted(start - 20_000);
  clock.now += 69_000;
  expect(reasons()).toEqual([]);
  clock.now += 6000;
  expect(reasons()).toEqual(["AgentSilent"]);
});

test("a list that is late, or may not be read, lets nobody miss what there was before the start", () => {
  const one = (name: string) => ({
    ...{ cluster: "c1", of: "object\nDeployment", key: `shop/${name}` },
    one: {
      subject: { kind: "Deployment", namespace: "shop", name, node: "" },
      ...{ group: "", series: "", lastMs: start - 5000 },
    },
  });
  const missed = (status: object | undefined, come: boolean) => {
    const { datasource, send, full, clock } = restarted(start - 5000, { status });
    datasource.seen.restore([one("api")]);
    if (status) send(statusSource.names[0]!, { agent: status });
    full("pod", []);
    clock.now += 61_000;
    if (come) full("deployment", []);
    full("pod", []);
    return [...datasource.facts()[0]!.gone("Deployment")].map(({ subject }) => subject.name);
  };
  const denied = { flavour: "kubernetes", denied: [{ kind: "Deployment", reason: "forbidden" }] };
  expect(missed(status.agent, false)).toEqual([]);
  expect(missed(denied, false)).toEqual([]);
  expect(missed(status.agent, true)).toEqual(["api"]);
  // AtlHyper 1.x sends no list that is empty.
  expect(missed(undefined, false)).toEqual(["api"]);
});
